import 'reflect-metadata';
import { serve } from './commands/serve.js';
import { reportAndExit } from './commands/report.js';

serve(process.env).catch(reportAndExit);
