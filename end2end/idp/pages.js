import { groupsOf, names } from './people.js';

/** One button per person; each sends its form, so the page works without JavaScript. */
export function signInPage(uid, refused) {
  const buttons = names.map((name) => `
        <li><button name="person" value="${name}" aria-describedby="${name}-groups">Sign in as ${name}</button>
          <span id="${name}-groups">${groupsOf(name).join(', ') || 'no group'}</span></li>`);
  return page('Sign in', `
      <p>This is Shorepass's demo provider. It asks for no password: choose who you are.</p>
      ${refused ? `<p role="alert">${refused} cannot sign in.</p>` : ''}
      <form method="post" action="/sign-in/${uid}">
        <ul>${buttons.join('')}
        </ul>
      </form>`);
}

export function page(title, content) {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title} · Demo provider</title>
  <style>${style}</style>
</head>
<body>
  <main>
      <h1>${title}</h1>
      ${content}
  </main>
</body>
</html>
`;
}

const style = `
:root { color-scheme: light dark; --page: light-dark(#eef2f4, #10171b); --card: light-dark(#fff, #1a242a);
  --text: light-dark(#1b2a31, #e4ebee); --quiet: light-dark(#51656f, #9fb1ba); --line: light-dark(#d3dde2, #33434c); --accent: light-dark(#0b6478, #6cc5d9); }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { box-sizing: border-box; inline-size: min(26rem, 100% - 2rem); padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; }
p { margin: 0 0 1.25rem; color: var(--quiet); }
ul { margin: 0; padding: 0; list-style: none; display: grid; gap: .5rem; }
li { display: grid; grid-template-columns: 1fr 8rem; align-items: center; gap: 1rem; }
li span { color: var(--quiet); font-size: .875rem; }
button { min-block-size: 2.75rem; padding: 0 1rem; border: 1px solid var(--line); border-radius: 8px; background: none; color: var(--accent); font: inherit; font-weight: 600; text-align: start; cursor: pointer; }
button:hover { border-color: var(--accent); }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
[role=alert] { color: light-dark(#a3261f, #ff9d94); }
`;
