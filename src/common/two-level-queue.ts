/** A queue that serves its groups in turn, and the keys of each group in turn, however many items one of them has. */
export class TwoLevelQueue<Item> {
  /** In the order of their turns; a group or key that has been served moves to the end. */
  private readonly groups = new Map<string, Group<Item>>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  sizeOf(group: string, key: string): number {
    return this.groups.get(group)?.keys.get(key)?.length ?? 0;
  }

  /** How many items would be served before another one of this key, if nothing else arrived. */
  turnsBefore(group: string, key: string): number {
    const { keys, size } = this.groups.get(group) ?? { keys: new Map<string, Item[]>(), size: 0 };
    const items = keys.get(key)?.length ?? 0;
    const ofGroup = Math.min(size, items + (items + 1) * countOthers(keys, key));
    return Math.min(this.count, ofGroup + (ofGroup + 1) * countOthers(this.groups, group));
  }

  push(group: string, key: string, item: Item): void {
    const entry = this.groups.get(group) ?? { keys: new Map<string, Item[]>(), size: 0 };
    this.groups.set(group, entry);
    const items = entry.keys.get(key);
    if (items === undefined) entry.keys.set(key, [item]);
    else items.push(item);
    entry.size += 1;
    this.count += 1;
  }

  /** Removes the next item and returns it. */
  shift(): Item | undefined {
    for (const [group, entry] of this.groups) {
      for (const [key, items] of entry.keys) {
        const item = items.shift();
        entry.keys.delete(key);
        if (items.length > 0) entry.keys.set(key, items);
        entry.size -= 1;
        this.groups.delete(group);
        if (entry.size > 0) this.groups.set(group, entry);
        this.count -= 1;
        return item;
      }
    }
    return undefined;
  }
}

interface Group<Item> {
  readonly keys: Map<string, Item[]>;
  /** Of all keys. */
  size: number;
}

function countOthers(all: ReadonlyMap<string, unknown>, one: string): number {
  return all.size - (all.has(one) ? 1 : 0);
}
