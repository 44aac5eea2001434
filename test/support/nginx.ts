import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { freePort } from './free-port.js';
import { ProxyProcess, startProxy } from './proxy-process.js';

/** For `test.skipIf`; prints what is skipped, and why. */
export function isNginxMissing(): boolean {
  if (spawnSync('nginx', ['-v']).status === 0) return false;
  console.log(
    'nginx is not installed (Debian: apt-get install nginx): bad responses of a real web server are skipped.',
  );
  return true;
}

/** A real nginx on loopback that serves a CRL well and badly. `upstream`: a server that answers worse than nginx can. */
export class Nginx extends ProxyProcess {
  static async start(crl: Buffer, hugeBytes: number, upstream: number): Promise<Nginx> {
    const folder = await mkdtemp(join(tmpdir(), 'certkeep-nginx-'));
    await mkdir(join(folder, 'root'));
    const file = (name: string): string => join(folder, 'root', name);
    await writeFile(file('ca.crl'), crl);
    // Kept only compressed, so that nginx has to send it so.
    await writeFile(file('coded.crl.gz'), gzipSync(crl));
    await writeFile(file('huge.crl'), '');
    await truncate(file('huge.crl'), hugeBytes);
    const port = await freePort();
    await writeFile(join(folder, 'nginx.conf'), configuration(port, folder, upstream));
    const args = ['-p', folder, '-c', 'nginx.conf', '-e', join(folder, 'error.log')];
    return new Nginx(port, folder, await startProxy('nginx', args, port));
  }

  url(path: string): URL {
    return new URL(path, `http://127.0.0.1:${this.port}`);
  }
}

function configuration(port: number, folder: string, upstream: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`);
  return `
# One process, so that nothing is left when it is killed.
daemon off;
master_process off;
pid ${folder}/pid;
events {}
http {
  ${temporary.join('\n  ')}
  access_log off;
  types { application/pkix-crl crl; }
  server {
    listen 127.0.0.1:${port};
    root ${folder}/root;
    location = /moved.crl { return 302 http://169.254.169.254/ca.crl; }
    location = /moved-here.crl { return 301 /ca.crl; }
    location = /slow.crl { limit_rate 1; alias ${folder}/root/ca.crl; }
    location = /closed.crl { return 444; }
    location = /coded.crl { gzip_static always; }
    # Without a length, because the filter might change it.
    location = /huge-chunked.crl { sub_filter_types *; sub_filter never changed; alias ${folder}/root/huge.crl; }
    location /upstream/ { proxy_pass http://127.0.0.1:${upstream}; proxy_buffering off; proxy_http_version 1.1; }
  }
}
`;
}
