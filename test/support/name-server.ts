import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const A = 1;
const NO_ERROR = 0x8180;

/** The addresses of a name; undefined: no response is sent. */
type Zone = (name: string, query: number) => readonly string[] | undefined;

/** A name server on loopback that knows only IPv4 addresses (RFC 1035). */
export class NameServer {
  private constructor(
    readonly address: string,
    private readonly socket: Socket,
  ) {}

  /** `zone` is asked once per query for IPv4 addresses, with the number of earlier queries for the name. */
  static async start(zone: Zone): Promise<NameServer> {
    const counts = new Map<string, number>();
    const socket = createSocket('udp4');
    socket.on('message', (query, { port, address }) => {
      const { name, type, end } = questionOf(query);
      const count = counts.get(name) ?? 0;
      if (type === A) counts.set(name, count + 1);
      const addresses = zone(name, count);
      if (addresses !== undefined) socket.send(response(query, end, type === A ? addresses : []), port, address);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new NameServer(`127.0.0.1:${socket.address().port}`, socket);
  }

  close(): void {
    this.socket.close();
  }
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function response(query: Buffer, end: number, addresses: readonly string[]): Buffer {
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(NO_ERROR, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  const records = addresses.map((address) =>
    // A pointer to the name of the question, type A, class IN, TTL 0, four bytes.
    Buffer.from([0xc0, 12, 0, A, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]),
  );
  return Buffer.concat([header, query.subarray(12, end), ...records]);
}
