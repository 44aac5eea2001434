// A forked process that attacks a server until it is told to stop, and then reports the answers. It has its own process
// with a lower priority than server and database: a real attacker is on another machine, so the cost of the attack
// itself must not count as harm. The CPU time that the attackers use nevertheless is in the table.
import { setPriority } from 'node:os';

import { ATTACKS } from './attacks.js';
import { HostileHttp } from './hostile-http.js';
import type { Order } from './messages.js';

setPriority(10);

const end = new AbortController();

process.on('disconnect', () => process.exit());
process.on('message', (message: Order | 'stop') => {
  if (message === 'stop') end.abort();
  else void attack(message);
});

async function attack({ attack: name, target }: Order): Promise<void> {
  const http = new HostileHttp(target, end.signal);
  const attacking = ATTACKS[name as keyof typeof ATTACKS](http, target);
  const stopped = new Promise((resolve) => end.signal.addEventListener('abort', resolve));
  process.send?.('attacking');
  await Promise.race([attacking.then(async () => await stopped), stopped]);
  process.send?.(http.outcomes, () => process.exit());
}
