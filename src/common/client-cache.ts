interface ClientCacheLimits {
  readonly maxOctets: number;
  readonly maxOctetsPerClient: number;
}

interface Entry<Value> {
  readonly value: Value;
  readonly octets: number;
}

interface Share<Value> {
  /** The one that was used longest ago first. */
  readonly entries: Map<string, Entry<Value>>;
  octets: number;
}

/**
 * Caches values for clients. What a client used longest ago is dropped first: its own, where it has more than a client
 * may have; otherwise of the client that has most, so that no client can drop what the others use.
 */
export class ClientCache<Value> {
  private readonly shares = new Map<string, Share<Value>>();
  private octets = 0;

  constructor(private readonly limits: ClientCacheLimits) {}

  get size(): number {
    return this.octets;
  }

  get(clientExtId: string, key: string): Value | undefined {
    const entries = this.shares.get(clientExtId)?.entries;
    const entry = entries?.get(key);
    if (entries === undefined || entry === undefined) return undefined;
    entries.delete(key);
    entries.set(key, entry);
    return entry.value;
  }

  /** A value that is larger than a client's share is not kept. */
  set(clientExtId: string, key: string, value: Value, octets: number): void {
    this.delete(clientExtId, key);
    if (octets > Math.min(this.limits.maxOctetsPerClient, this.limits.maxOctets)) return;
    const share = this.shares.get(clientExtId) ?? { entries: new Map<string, Entry<Value>>(), octets: 0 };
    this.shares.set(clientExtId, share);
    share.entries.set(key, { value, octets });
    share.octets += octets;
    this.octets += octets;
    while (share.octets > this.limits.maxOctetsPerClient) this.dropOldest(clientExtId);
    while (this.octets > this.limits.maxOctets) this.dropOldest(this.largest());
  }

  delete(clientExtId: string, key: string): void {
    const share = this.shares.get(clientExtId);
    const entry = share?.entries.get(key);
    if (share === undefined || entry === undefined) return;
    share.entries.delete(key);
    share.octets -= entry.octets;
    this.octets -= entry.octets;
    if (share.entries.size === 0) this.shares.delete(clientExtId);
  }

  private dropOldest(clientExtId: string): void {
    const [oldest] = this.shares.get(clientExtId)?.entries.keys() ?? [];
    if (oldest !== undefined) this.delete(clientExtId, oldest);
  }

  private largest(): string {
    let [largest, most] = ['', -1];
    for (const [clientExtId, { octets }] of this.shares) {
      if (octets > most) [largest, most] = [clientExtId, octets];
    }
    return largest;
  }
}
