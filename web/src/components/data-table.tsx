import { Trans } from '@lingui/react/macro';
import { memo, type ReactNode } from 'react';
import { Link } from 'react-router';

import { Button } from './button.js';
import { EndlessRows } from './endless-rows.js';
import { ErrorNotice } from './error-notice.js';
import { Loading } from './loading.js';
import type { MorePages } from './use-more-pages.js';

import styles from './data-table.module.css';

export interface Column<Row> {
  readonly id: string;
  readonly label: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'end';
  /** Of extIds: they keep their width beside a column with long texts. */
  readonly isId?: true;
}

interface DataTableProps<Row> {
  /** What the table is of, for those who hear the page. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly pages: MorePages<Row>;
  readonly keyOf: (row: Row) => string;
  /** The page of a row; the first column is the link. */
  readonly linkOf?: (row: Row) => string;
  /** An `EmptyState`. */
  readonly empty: ReactNode;
}

/**
 * At most 100 rows are in the document; more of them come and go as the reader scrolls. Where there is no room for columns, each row is a card.
 * Where `columns` are the same objects as before, only rows that are new are rendered.
 */
export function DataTable<Item>({ caption, columns, pages, keyOf, linkOf, empty }: DataTableProps<Item>) {
  if (pages.error !== null && pages.rows.length === 0) {
    return <ErrorNotice error={pages.error} onRetry={pages.retry} />;
  }
  if (pages.isLoading) return <Loading />;
  if (pages.rows.length === 0 && !pages.hasPrevious) return empty;
  return (
    <div className={styles['frame']} aria-busy={pages.isFetching}>
      {pages.hasPrevious && (
        <Button variant="quiet" onClick={pages.previous}>
          <Trans>Earlier rows</Trans>
        </Button>
      )}
      <EndlessRows pages={pages}>
        <table className={styles['table']}>
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map(({ id, label, align }) => (
                <th key={id} scope="col" data-align={align}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {pages.rows.map((row) => (
              <Row key={keyOf(row)} id={keyOf(row)} row={row} columns={columns} link={linkOf?.(row)} />
            ))}
          </tbody>
        </table>
      </EndlessRows>
      {pages.error !== null && <ErrorNotice error={pages.error} onRetry={pages.retry} />}
      {pages.hasNext && (
        <Button variant="secondary" pending={pages.isFetching} onClick={pages.next}>
          <Trans>More rows</Trans>
        </Button>
      )}
    </div>
  );
}

interface RowProps<Item> {
  readonly id: string;
  readonly row: Item;
  readonly columns: readonly Column<Item>[];
  readonly link: string | undefined;
}

const Row = memo(function Row<Item>({ id: key, row, columns, link }: RowProps<Item>) {
  return (
    <tr data-key={key}>
      {columns.map(({ id, label, cell, align, isId }, index) => (
        <td key={id} data-align={align} data-id={isId}>
          <span className={styles['term']} aria-hidden="true">
            {label}
          </span>
          {/* On narrow screens, a cell is a grid of the term and one element. */}
          <div>{index === 0 && link !== undefined ? <Link to={link}>{cell(row)}</Link> : cell(row)}</div>
        </td>
      ))}
    </tr>
  );
}) as <Item>(props: RowProps<Item>) => ReactNode;
