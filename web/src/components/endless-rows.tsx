import { Component, type ReactNode } from 'react';

import type { MorePages } from './use-more-pages.js';

interface EndlessRowsProps {
  readonly pages: MorePages<unknown>;
  readonly children: ReactNode;
}

/** In pixels: more rows are read before the reader reaches the end of those that are there. */
const AHEAD = 600;

/** After the last movement, in milliseconds. Browsers refuse an address that changes all the time. */
const PLACE_MS = 200;

/** Where rows are on the screen, by their keys. */
type Tops = ReadonlyMap<string, number>;

/**
 * Reads more rows of a table when the reader comes to either end of it. What they look at stays where it is when rows above
 * it come or go: not every browser does so itself, and none does at the beginning of a page.
 */
export class EndlessRows extends Component<EndlessRowsProps> {
  private frame: HTMLDivElement | null = null;
  private lastY = 0;
  private placing: ReturnType<typeof setTimeout> | undefined;

  override componentDidMount(): void {
    this.lastY = window.scrollY;
    window.addEventListener('scroll', this.onScroll, { passive: true });
    window.addEventListener('resize', this.onScroll, { passive: true });
    this.readMore('down');
  }

  override componentWillUnmount(): void {
    window.removeEventListener('scroll', this.onScroll);
    window.removeEventListener('resize', this.onScroll);
    clearTimeout(this.placing);
  }

  override getSnapshotBeforeUpdate(before: EndlessRowsProps): Tops | null {
    return before.pages.rows[0] === this.props.pages.rows[0] ? null : this.visibleRows();
  }

  override componentDidUpdate(before: EndlessRowsProps, _state: unknown, tops: Tops | null): void {
    if (tops !== null) this.keepPlace(tops);
    const { rows, isFetching } = this.props.pages;
    if (rows !== before.pages.rows && !isFetching && rows.length !== before.pages.rows.length) this.readMore('down');
  }

  override render(): ReactNode {
    return <div ref={(frame) => void (this.frame = frame)}>{this.props.children}</div>;
  }

  private readonly onScroll = (): void => {
    const { scrollY } = window;
    const direction = scrollY < this.lastY ? 'up' : 'down';
    this.lastY = scrollY;
    this.readMore(direction);
    clearTimeout(this.placing);
    this.placing = setTimeout(this.tellPlace, PLACE_MS);
  };

  private readMore(direction: 'up' | 'down'): void {
    const { pages } = this.props;
    if (this.frame === null || pages.endless !== true || pages.isFetching || pages.error !== null) return;
    const { top, bottom } = this.frame.getBoundingClientRect();
    if (direction === 'down') {
      if (pages.hasNext && bottom < window.innerHeight + AHEAD) pages.next();
    } else if (pages.hasPrevious && top > -AHEAD) pages.previous();
  }

  private readonly tellPlace = (): void => {
    const index = this.rows().findIndex((row) => row.getBoundingClientRect().bottom > 0);
    if (index >= 0) this.props.pages.place?.(index);
  };

  private keepPlace(tops: Tops): void {
    for (const row of this.rows()) {
      const top = tops.get(row.dataset['key'] ?? '');
      if (top === undefined) continue;
      const moved = row.getBoundingClientRect().top - top;
      if (Math.abs(moved) >= 1) window.scrollBy({ top: moved, behavior: 'instant' });
      // The reader has not moved.
      this.lastY = window.scrollY;
      return;
    }
  }

  private visibleRows(): Tops {
    const tops = new Map<string, number>();
    for (const row of this.rows()) {
      const { top, bottom } = row.getBoundingClientRect();
      if (bottom > 0 && top < window.innerHeight) tops.set(row.dataset['key'] ?? '', top);
    }
    return tops;
  }

  private rows(): readonly HTMLElement[] {
    return [...(this.frame?.querySelectorAll<HTMLElement>('tr[data-key]') ?? [])];
  }
}
