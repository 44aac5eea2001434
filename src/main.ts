import 'reflect-metadata';
import { reportAndExit } from './commands/report.js';
import { serve } from './commands/serve.js';

serve(process.env).catch(reportAndExit);
