import 'reflect-metadata';
import { ignoreClosedOutput, reportAndExit } from './commands/report.js';
import { requireNode } from './commands/require-node.js';

ignoreClosedOutput();
try {
  requireNode(process.versions.node);
  const { serve } = await import('./commands/serve.js');
  await serve(process.env);
} catch (error) {
  reportAndExit(error);
}
