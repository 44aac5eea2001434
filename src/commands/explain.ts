import { SystemClock } from '../common/clock.js';
import { readCallerToken } from '../config/caller-token.js';
import { askServer } from '../explanation/ask-server.js';
import { explainOffline, explainUnreadable } from '../explanation/explain-offline.js';
import type { Explanation } from '../explanation/explanation.js';
import { formatExplanation, painter } from '../explanation/format-explanation.js';
import { OutgoingClient } from '../outgoing/outgoing-client.js';
import { readCertificateFile, readTrustFolder } from './certificate-files.js';
import { EXPLAIN_HELP, type ExplainArguments, readExplainArguments } from './explain-arguments.js';
import { ignoreClosedOutput, print, reportAndExit } from './report.js';
import { asUsage } from './server-arguments.js';

type Explain = (file: string) => Promise<Explanation> | Explanation;

/** The exit code. */
async function run(args: readonly string[]): Promise<number> {
  const read = readExplainArguments(args);
  if (read === undefined) {
    print(EXPLAIN_HELP);
    return 0;
  }
  const explain = read.server === undefined ? offline(read) : withServer(read, read.server);
  const paint = painter(process.stdout.isTTY && process.stdout.hasColors());
  let isAccepted = true;
  for (const [index, file] of read.files.entries()) {
    const explanation = await explain(file);
    isAccepted &&= explanation.verdict === 'accepted';
    print(`${index === 0 ? '' : '\n'}${formatExplanation(file, explanation, paint)}`);
  }
  return isAccepted ? 0 : 1;
}

function offline({ anchors: folder, at = new SystemClock().now(), purpose }: ExplainArguments): Explain {
  const nothing = { anchors: [], intermediates: [], leftOut: [] };
  const { leftOut, ...trusted } = folder === undefined ? nothing : readTrustFolder(folder);
  return (file) => {
    const { leaf, chain } = readCertificateFile(file);
    if (!leaf.ok) return explainUnreadable(leaf.message);
    const usable = chain.flatMap((read) => (read.ok ? [read.certificate] : []));
    const unread = chain.flatMap((read) => (read.ok ? [] : [`Left out: ${file}: ${read.message}`]));
    const explanation = explainOffline(leaf.certificate, trusted, {
      time: at,
      chain: usable,
      isUpload: purpose === 'upload',
    });
    return { ...explanation, notes: [...explanation.notes, ...leftOut, ...unread] };
  };
}

function withServer(
  { at, purpose }: ExplainArguments,
  { url, ...question }: NonNullable<ExplainArguments['server']>,
): Explain {
  const token = asUsage(readCallerToken);
  const client = new OutgoingClient();
  return async (file) => {
    const { leaf, chain } = readCertificateFile(file);
    if (!leaf.ok) return explainUnreadable(leaf.message);
    const others = chain.flatMap((read) => (read.ok ? [read.certificate] : []));
    return await askServer(client, { url, token }, { ...question, leaf: leaf.certificate, chain: others, at, purpose });
  };
}

ignoreClosedOutput();
run(process.argv.slice(2)).then((code) => process.exit(code), reportAndExit);
