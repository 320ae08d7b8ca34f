// The OpenID provider of the demo and the tests. Everything it knows is in memory; it listens on this machine only.
//
// IDP_PORT                 8089
// PORTAL_URL               http://localhost:8080, or several with commas between
// SHOREPASS_CLIENT_SECRET  demo-secret
// IDP_TEST_CONTROLS        "on" opens /test, with which tests change people (see below)

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import Provider, { errors, interactionPolicy } from 'oidc-provider';
import { page, signInPage } from './pages.js';
import { change, findAccount, reset } from './people.js';

const port = Number(process.env.IDP_PORT ?? 8089);
// Not localhost, so that its cookies and the portal's stay apart: cookies know hosts, not ports (RFC 6265, section 8.5).
const issuer = `http://127.0.0.1:${port}`;
const portals = (process.env.PORTAL_URL ?? 'http://localhost:8080').split(',').map((url) => new URL(url).origin);

const minute = 60; // seconds, as all its lifetimes
const hour = 60 * minute;
const signingKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

// Asked each time who they are, people can change without signing out; a session alone never signs anybody in.
const { Check, base } = interactionPolicy;
const policy = base();
policy.get('login').checks.add(
  new Check('choose', 'the person has to be chosen', ({ oidc }) => !oidc.result?.login && !oidc.prompts.has('none')),
);

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'shorepass',
    client_secret: process.env.SHOREPASS_CLIENT_SECRET ?? 'demo-secret',
    redirect_uris: portals.map((portal) => `${portal}/sign-in/callback`),
    post_logout_redirect_uris: portals.map((portal) => `${portal}/sign-in`),
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  }],
  claims: {
    openid: ['sub'],
    profile: ['name', 'preferred_username'],
    email: ['email', 'email_verified'],
    groups: ['groups'],
  },
  conformIdTokenClaims: false, // claims of the scopes stand in the ID token, as most companies' providers have them
  scopes: ['openid', 'offline_access'],
  responseTypes: ['code'],
  pkce: { required: () => true },
  expiresWithSession: () => false, // another person in the same browser ends nobody's refresh token
  ttl: { Interaction: 15 * minute, Session: 8 * hour, Grant: 8 * hour, AccessToken: 5 * minute, IdToken: 5 * minute, RefreshToken: 8 * hour },
  issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
  findAccount,
  features: {
    devInteractions: { enabled: false },
    revocation: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (context, form) => {
        context.body = page('Sign out', `${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`);
      },
      postLogoutSuccessSource: (context) => { context.body = page('Signed out', '<p>You are signed out here.</p>'); },
    },
  },
  interactions: { policy, url: (_context, interaction) => `/sign-in/${interaction.uid}` },
  loadExistingGrant: consent,
  renderError: (context, { error, error_description: description = '' }) => {
    context.body = page('That did not work', `<p>${escape(`${error}: ${description}`)}</p>`);
  },
  cookies: { keys: [randomBytes(32)] },
  jwks: { keys: [{ ...signingKey, use: 'sig', alg: 'RS256' }] },
});

/** Consents to all that is asked for; the demo's people need not. */
async function consent({ oidc }) {
  const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope([...oidc.requestParamScopes].join(' '));
  await grant.save();
  return grant;
}

const escape = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

async function read(request) {
  let body = '';
  for await (const chunk of request) {
    body += chunk;
    if (body.length > 10_000) throw new Error('the body is too long');
  }
  return body;
}

async function signIn(context, uid) {
  const { req: request, res: response } = context;
  const interaction = await provider.interactionDetails(request, response); // throws unless this browser began it
  const person = context.method === 'POST' ? new URLSearchParams(await read(request)).get('person') : undefined;
  if (person && findAccount(context, person)) {
    if (interaction.session) await endSession(context, interaction);
    context.respond = false;
    return provider.interactionFinished(request, response, { login: { accountId: person } });
  }
  // A form's answer may be a redirect, and browsers hold that against form-action too: hence the portals.
  context.set('content-security-policy', `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${portals.join(' ')}; frame-ancestors 'none'; base-uri 'none'`);
  context.set('cache-control', 'no-store');
  context.body = signInPage(uid, person && escape(person));
}

/** Ends the session that is there; left alone, the library would ask a script in the page to do it. */
async function endSession(context, interaction) {
  await (await provider.Session.get(context)).destroy();
  delete interaction.session;
  await interaction.save(15 * minute);
}

// For tests: POST /test/people/ana {"groups": [...], "disabled": true}, also for somebody new; POST /test/reset {}.
// A page in a browser cannot send this type to another site without being let.
async function control(context, name) {
  if (!context.is('application/json')) return context.throw(415);
  const changes = JSON.parse(await read(context.req));
  if (name === undefined) reset();
  context.body = name === undefined ? {} : change(name, changes);
}

provider.use(async (context, next) => {
  const [, place, ...rest] = context.path.split('/');
  if (place === 'sign-in' && rest.length === 1 && ['GET', 'POST'].includes(context.method)) {
    return signIn(context, rest[0]).catch((error) => {
      if (!(error instanceof errors.SessionNotFound)) throw error;
      context.status = 400;
      context.body = page('That took too long', '<p>This sign-in is over. Go back to where you began and start again.</p>');
    });
  }
  if (place === 'test' && context.method === 'POST' && process.env.IDP_TEST_CONTROLS === 'on') {
    if (rest[0] === 'people' && rest.length === 2) return control(context, rest[1]);
    if (rest[0] === 'reset') return control(context);
  }
  return next();
});

const server = provider.listen(port, '127.0.0.1', () => console.log(`demo provider at ${issuer}`));
server.on('error', (error) => {
  console.error(`demo provider: ${error.message}`);
  process.exit(1);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
