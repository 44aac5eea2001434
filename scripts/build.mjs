// Builds what npm start needs: the server into dist and the pages into dist/web, both at once. Types are checked by
// `npm run build` and `npm run check`; without that, what is built is the same.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
const COMMANDS = [[TSC, '-p', 'tsconfig.build.json', '--noCheck'], [join(import.meta.dirname, 'build-web.mjs')]];

const codes = await Promise.all(
  COMMANDS.map(
    async (command) =>
      await new Promise((resolve, reject) => {
        const child = spawn(process.execPath, command, { cwd: ROOT, stdio: 'inherit' });
        child.once('error', reject);
        child.once('close', resolve);
      }),
  ),
);
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
