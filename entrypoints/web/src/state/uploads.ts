import type { Problem } from '../api/problem.js';

/**
 * waiting → sending → done, or pausing (the service is away: tried again by itself, a few times), failed (worth another
 * try, by the person), refused (another try says the same), offline (goes on by itself).
 */
export type UploadStatus = 'waiting' | 'sending' | 'done' | 'pausing' | 'failed' | 'refused' | 'offline';

export interface UploadRow<Result = unknown> {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly status: UploadStatus;
  readonly sent: number;
  readonly problem?: Problem;
  readonly result?: Result;
}

export type UploadEvent<Result = unknown> =
  | { type: 'added'; rows: readonly Pick<UploadRow, 'id' | 'name' | 'size'>[] }
  | { type: 'started'; id: string }
  | { type: 'progressed'; id: string; sent: number }
  | { type: 'finished'; id: string; result: Result }
  | { type: 'stopped'; id: string; problem: Problem; online: boolean; again: boolean }
  | { type: 'retried'; ids: readonly string[] }
  | { type: 'removed'; ids: readonly string[] }
  | { type: 'reconnected' };

export type Rows<Result = unknown> = readonly UploadRow<Result>[];

/** The rows after an event; an event about a row that is gone changes nothing. */
export function after<Result>(rows: Rows<Result>, event: UploadEvent<Result>): Rows<Result> {
  switch (event.type) {
    case 'added':
      return [...rows, ...event.rows.map((row) => ({ ...row, status: 'waiting' as const, sent: 0 }))];
    case 'started':
      return changed(rows, [event.id], { status: 'sending', sent: 0 });
    case 'progressed':
      return rows.map((row) =>
        row.id === event.id && row.status === 'sending' ? { ...row, sent: Math.max(row.sent, event.sent) } : row,
      );
    case 'finished':
      return rows.map((row) => (row.id === event.id ? { ...row, status: 'done', sent: row.size, result: event.result } : row));
    case 'stopped':
      return changed(rows, [event.id], { status: stoppedAs(event), problem: event.problem });
    case 'retried':
      return again(rows, (row) => event.ids.includes(row.id) && row.status !== 'done' && row.status !== 'sending');
    case 'removed':
      return rows.filter((row) => !event.ids.includes(row.id));
    case 'reconnected':
      return again(rows, (row) => row.status === 'offline' || row.status === 'pausing');
  }
}

function stoppedAs({ problem, online, again }: { problem: Problem; online: boolean; again: boolean }): UploadStatus {
  if (problem.offline && !online) return 'offline';
  if (!problem.passing) return 'refused';
  return again ? 'pausing' : 'failed';
}

function changed<Result>(rows: Rows<Result>, ids: readonly string[], change: Partial<UploadRow<Result>>): Rows<Result> {
  return rows.map((row) => (ids.includes(row.id) ? { ...row, ...change } : row));
}

function again<Result>(rows: Rows<Result>, which: (row: UploadRow<Result>) => boolean): Rows<Result> {
  return rows.map((row) => {
    if (!which(row)) return row;
    const { problem: _, ...rest } = row;
    return { ...rest, status: 'waiting' as const, sent: 0 };
  });
}

export interface Totals {
  files: number;
  done: number;
  active: number;
  failed: number;
  /** 0 to 1, by bytes. */
  share: number;
}

export function totals(rows: Rows): Totals {
  const count = (...statuses: UploadStatus[]): number => rows.filter((row) => statuses.includes(row.status)).length;
  const bytes = rows.reduce((sum, row) => sum + row.size, 0);
  const sent = rows.reduce((sum, row) => sum + row.sent, 0);
  return {
    files: rows.length,
    done: count('done'),
    active: count('waiting', 'sending', 'pausing', 'offline'),
    failed: count('failed', 'refused'),
    share: bytes === 0 ? 0 : sent / bytes,
  };
}

/** Failed rows by what is wrong with them: twenty files without a connection are one sentence, not twenty. */
export function byCause(rows: Rows): Map<string, UploadRow[]> {
  const groups = new Map<string, UploadRow[]>();
  for (const row of rows) {
    if (row.status !== 'failed' && row.status !== 'refused') continue;
    const cause = `${row.problem?.status} ${row.problem?.message}`;
    groups.set(cause, [...(groups.get(cause) ?? []), row]);
  }
  return groups;
}
