// Replaces the program that reads PKCS#12 files, and misbehaves as the password asks.
import { spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';

/** Each resolves unless the process is not permitted to do it. */
const attempts = {
  read: async () => await readFile('/etc/passwd'),
  readPackage: async () => await readFile(new URL('../../package.json', import.meta.url)),
  write: async () => await writeFile(new URL('written-by-the-misbehaving-process', import.meta.url), ''),
  spawn: async () => await once(spawn(process.execPath, ['--version']), 'exit'),
  connect: async () => await once(connect(9, '127.0.0.1'), 'connect'),
  resolve: async () => await lookup('localhost'),
  thread: async () => await once(new Worker('', { eval: true }), 'exit'),
};

async function attempt(name) {
  try {
    await attempts[name]();
    return 'done';
  } catch (error) {
    return error.code;
  }
}

process.on('message', ({ password }) => {
  if (password === 'crash') process.kill(process.pid, 'SIGKILL');
  if (password === 'throw') throw new Error('a defect');
  // The only ones that take long without using the processor.
  if (password === 'never') return;
  if (password === 'late') setTimeout(answer, 2_000, '');
  else if (Object.hasOwn(attempts, password)) void attempt(password).then(answer);
  else answer(password === 'environment' ? JSON.stringify(Object.keys(process.env)) : '', password);
});

function answer(message, password) {
  process.send({ ok: false, problem: 'noCertificate', message }, () => {
    if (password === 'answer and end') process.kill(process.pid, 'SIGKILL');
  });
}

process.send('ready');
