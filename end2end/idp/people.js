/** The demo's people, by name. Tests may change their groups, disable them, and add more. */
const cast = { ana: ['oncall'], ben: ['payments-leads'], cleo: ['security'], dora: ['platform'], eve: [] };

export const names = Object.keys(cast);

const people = new Map();

export function reset() {
  people.clear();
  for (const [name, groups] of Object.entries(cast)) people.set(name, { groups, disabled: false });
}

export function change(name, changes) {
  const { groups = people.get(name)?.groups ?? [], disabled = people.get(name)?.disabled ?? false } = changes;
  people.set(name, { groups, disabled });
  return people.get(name);
}

/** The provider's account of a person; none, so that codes and refresh tokens fail too, once disabled. */
export function findAccount(_context, name) {
  if (!people.has(name) || people.get(name).disabled) return undefined;
  return {
    accountId: name,
    claims: () => ({
      sub: name,
      preferred_username: name,
      name: name[0].toUpperCase() + name.slice(1),
      email: `${name}@example.com`,
      email_verified: true,
      groups: people.get(name).groups,
    }),
  };
}

export const groupsOf = (name) => people.get(name).groups;

reset();
