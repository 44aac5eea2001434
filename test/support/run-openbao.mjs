// Usage: run-openbao.mjs BINARY ARGUMENTS… Runs OpenBao while its own input is open, so that the server ends with the
// test, however that ends. It is JavaScript, so that the cleanup needs no compiler.
import { spawn } from 'node:child_process';

const [, , binary, ...args] = process.argv;
const server = spawn(binary, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { PATH: process.env.PATH } });
server.once('error', () => process.exit(1));
server.once('exit', (code) => process.exit(code ?? 1));
process.stdin.resume().once('close', () => server.kill('SIGKILL'));
