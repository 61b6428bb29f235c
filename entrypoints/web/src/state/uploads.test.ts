import { expect, test } from 'vitest';
import { Problem } from '../api/problem.js';
import { after, byCause, totals, type Rows, type UploadEvent } from './uploads.js';

const run = (...events: UploadEvent[]): Rows => events.reduce<Rows>((rows, event) => after(rows, event), []);
const added: UploadEvent = {
  type: 'added',
  rows: [
    { id: 'a', name: 'a.jpg', size: 100 },
    { id: 'b', name: 'b.jpg', size: 300 },
  ],
};
const statuses = (rows: Rows): string => rows.map((row) => row.status).join(' ');

test('progress never goes back and never comes after the end', () => {
  const sending = run(added, { type: 'started', id: 'a' }, { type: 'progressed', id: 'a', sent: 50 }, { type: 'progressed', id: 'a', sent: 20 });
  expect(sending[0]?.sent).toBe(50);
  const done = after(after(sending, { type: 'finished', id: 'a', result: 1 }), { type: 'progressed', id: 'a', sent: 60 });
  expect(done[0]).toMatchObject({ status: 'done', sent: 100 });
});

test.each([
  [new Problem(0, 'no_answer', ''), false, 'offline'],
  [new Problem(0, 'no_answer', ''), true, 'failed'],
  [new Problem(503, 'away', ''), true, 'failed'],
  [new Problem(415, 'type', ''), true, 'refused'],
])('%o while online is %s stops as %s', (problem, online, status) => {
  expect(statuses(run(added, { type: 'started', id: 'a' }, { type: 'stopped', id: 'a', problem, online, again: false }))).toBe(`${status} waiting`);
});

test('what is worth another try pauses while it is tried by itself, a refusal never does', () => {
  const away = new Problem(503, 'away', '');
  const refused = new Problem(415, 'type', '');
  const stopped = (problem: Problem): string => statuses(run(added, { type: 'stopped', id: 'a', problem, online: true, again: true }));
  expect([stopped(away), stopped(refused)]).toEqual(['pausing waiting', 'refused waiting']);
});

test('a connection that returns sends only what it had stopped', () => {
  const gone = new Problem(0, 'no_answer', '');
  const refused = new Problem(415, 'type', '');
  const rows = run(
    added,
    { type: 'stopped', id: 'a', problem: gone, online: false, again: true },
    { type: 'stopped', id: 'b', problem: refused, online: true, again: true },
    { type: 'reconnected' },
  );
  expect(statuses(rows)).toBe('waiting refused');
  expect(rows[0]?.problem).toBeUndefined();
});

test('a finished file is not sent again', () => {
  expect(statuses(run(added, { type: 'finished', id: 'a', result: 1 }, { type: 'retried', ids: ['a', 'b'] }))).toBe('done waiting');
});

test('the total is by bytes, not by files', () => {
  expect(totals(run(added, { type: 'finished', id: 'a', result: 1 })).share).toBe(0.25);
});

test('failures with one cause are one group', () => {
  const problem = new Problem(503, 'away', 'later');
  const rows = run(added, ...(['a', 'b'] as const).map((id): UploadEvent => ({ type: 'stopped', id, problem, online: true, again: false })));
  expect([...byCause(rows).values()].map((group) => group.length)).toEqual([2]);
});
