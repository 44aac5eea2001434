/** A queue that serves its groups in turn, and the keys of each group in turn, however many items one of them has. */
export class TwoLevelQueue<Item> {
  /** In the order of their turns; a group or key that has been served moves to the end. */
  private readonly groups = new Map<string, Map<string, Item[]>>();

  get isEmpty(): boolean {
    return this.groups.size === 0;
  }

  push(group: string, key: string, item: Item): void {
    const keys = this.groups.get(group) ?? new Map<string, Item[]>();
    this.groups.set(group, keys);
    const items = keys.get(key);
    if (items === undefined) keys.set(key, [item]);
    else items.push(item);
  }

  /** Removes the next item and returns it. */
  shift(): Item | undefined {
    for (const [group, keys] of this.groups) {
      for (const [key, items] of keys) {
        const item = items.shift();
        keys.delete(key);
        if (items.length > 0) keys.set(key, items);
        this.groups.delete(group);
        if (keys.size > 0) this.groups.set(group, keys);
        return item;
      }
    }
    return undefined;
  }
}
