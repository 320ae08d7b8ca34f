import { execFile } from 'node:child_process';
import { request } from 'node:https';
import { promisify } from 'node:util';

const run = promisify(execFile);

async function kubectl(kubeconfig: string | undefined, ...words: string[]): Promise<string> {
  const { stdout } = await run('kubectl', ['--kubeconfig', kubeconfig ?? '', ...words]);
  return stdout;
}

/** kubectl as the cluster's administrator. */
const asAdministrator = (...words: string[]) => kubectl(process.env.SHOREPASS_TEST_KUBECONFIG, ...words);

export interface Container {
  namespace: string;
  pod: string;
  container: string;
}

/** Runs a command in a container, past Shorepass. */
export function inside({ namespace, pod, container }: Container, ...command: string[]): Promise<string> {
  return asAdministrator('exec', '--namespace', namespace, pod, '--container', container, '--', ...command);
}

/** The command lines of everything that runs in a container. */
export const processes = (container: Container) => inside(container, 'ps', '-o', 'args');

/** The processes in a container that carry a session's marker. */
export async function ofSession(container: Container, session: string): Promise<string[]> {
  const search = `grep -l ${session} /proc/[0-9]*/environ 2>/dev/null; true`;
  return (await inside(container, 'sh', '-c', search)).split('\n').filter(Boolean);
}

/** The name of a pod of a workload. */
export async function podOf(namespace: string, app: string): Promise<string> {
  const name = await asAdministrator('get', 'pods', '--namespace', namespace, '--selector', `app=${app}`, '--output', 'jsonpath={.items[0].metadata.name}');
  if (!name) throw new Error(`${namespace} has no pod of ${app}`);
  return name;
}

export interface Identity {
  user: string;
  group: string;
  extras?: Record<string, string>;
}

interface Answer {
  status: number;
  body: string;
}

/** What the API server answers to whoever has the portal's token, sent past Shorepass. */
export async function bypass(path: string, identity: Identity, upgrade = false): Promise<Answer> {
  const kubeconfig = await kubectl(process.env.SHOREPASS_TEST_PORTAL_KUBECONFIG, 'config', 'view', '--raw', '--output', 'json');
  const { clusters: [{ cluster }], users: [{ user }] } = JSON.parse(kubeconfig);
  const headers: Record<string, string> = {
    authorization: `Bearer ${user.token}`,
    'impersonate-user': identity.user,
    'impersonate-group': identity.group,
  };
  for (const [key, value] of Object.entries(identity.extras ?? {})) {
    headers[`impersonate-extra-${encodeURIComponent(key)}`] = value;
  }
  if (upgrade) {
    Object.assign(headers, {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.from('only for a test!').toString('base64'),
      'sec-websocket-protocol': 'v5.channel.k8s.io',
    });
  }
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, cluster.server), {
      headers,
      ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
    });
    sent.on('error', reject);
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, body: '' });
    });
    sent.on('response', async (response) => {
      let body = '';
      for await (const part of response) body += part;
      resolve({ status: response.statusCode ?? 0, body });
    });
    sent.end();
  });
}
