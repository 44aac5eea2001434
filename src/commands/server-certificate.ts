import { readFile } from 'node:fs/promises';
import type { SecureContextOptions } from 'node:tls';

import type { Logger } from 'pino';

import { StartError } from '../common/start-error.js';
import { problemsOfTlsFiles, secureContextOptions, type TlsFiles } from '../config/tls-files.js';
import type { TlsSettings } from '../config/tls-settings.js';

/** The files of the TLS settings, as they were when they could last be used. */
export class ServerCertificate {
  /** What was last wrong with newer files. It is logged once, not at every look. */
  private problem: string | undefined;

  private constructor(
    private readonly settings: TlsSettings,
    private readonly logger: Logger,
    private files: TlsFiles,
  ) {}

  /** @throws StartError if the files cannot be used any more, which the settings have checked shortly before */
  static async read(settings: TlsSettings, logger: Logger): Promise<ServerCertificate> {
    const files = await readFiles(settings);
    const problem = typeof files === 'string' ? files : problemOf(files);
    if (typeof files === 'string' || problem !== undefined) throw new StartError(String(problem));
    return new ServerCertificate(settings, logger, files);
  }

  get options(): SecureContextOptions {
    return secureContextOptions(this.files);
  }

  /** Returns whether the files have changed and can be used: all of them, or none. */
  async refresh(): Promise<boolean> {
    const files = await readFiles(this.settings);
    const isUnchanged = typeof files !== 'string' && isSame(files, this.files);
    const problem = typeof files === 'string' ? files : isUnchanged ? undefined : problemOf(files);
    if (problem !== undefined && problem !== this.problem) {
      this.logger.error({ problem }, 'changed TLS files cannot be used, the former ones are kept');
    }
    this.problem = problem;
    if (typeof files === 'string' || isUnchanged || problem !== undefined) return false;
    this.files = files;
    this.logger.info('changed TLS files are used from now on');
    return true;
  }
}

/** A text says which file cannot be read. */
async function readFiles({ certificateFile, keyFile, clientCaFile }: TlsSettings): Promise<TlsFiles | string> {
  try {
    return {
      certificate: await readFile(certificateFile),
      key: await readFile(keyFile),
      clientCa: clientCaFile === undefined ? undefined : await readFile(clientCaFile),
    };
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    return `${path ?? 'A TLS file'} cannot be read (${code ?? 'unknown error'}).`;
  }
}

function problemOf(files: TlsFiles): string | undefined {
  const problems = problemsOfTlsFiles(files);
  return problems.length === 0 ? undefined : problems.join(' ');
}

function isSame(one: TlsFiles, other: TlsFiles): boolean {
  const isSameCa = one.clientCa === undefined || (other.clientCa !== undefined && one.clientCa.equals(other.clientCa));
  return one.certificate.equals(other.certificate) && one.key.equals(other.key) && isSameCa;
}
