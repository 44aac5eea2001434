// Preloaded by --import: appends the URL of each module that the program loads to the file of MODULES_FILE.
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

registerHooks({
  load(url, context, load) {
    appendFileSync(process.env.MODULES_FILE, `${url}\n`);
    return load(url, context);
  },
});
