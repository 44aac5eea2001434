// Forked: attacks a server until it is told to stop, then says how it was answered. In a process of its own, and with
// less of a right to the processor than server and database: a hostile tenant is on another machine, and what it costs
// there to attack is not taken for harm. What the attackers take all the same is in the table.
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
