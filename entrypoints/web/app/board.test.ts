import { expect, test } from 'vitest';
import type { ClinicRecord } from '../src/api/directory.js';
import { column, stateOf, visitsOf } from './board.js';

const NOW = new Date('2026-11-22T12:00:00Z');

const record = (type: string, id: string, at: string, patient = 'p1'): ClinicRecord => ({
  owner_type: type,
  owner_id: id,
  patient_id: patient,
  title: id,
  occurred_at: at,
  created_at: at,
  updated_at: at,
  patient: { id: patient, display_name: patient, birth_date: null, status: 'active', created_at: at, updated_at: at },
});

test('a visit is open once its day is over without a note, and noted as soon as it has one', () => {
  expect(stateOf('2026-11-22T09:00:00Z', 0, NOW)).toBe('today');
  expect(stateOf('2026-11-22T15:00:00Z', 0, NOW)).toBe('today');
  expect(stateOf('2026-11-25T09:00:00Z', 0, NOW)).toBe('coming');
  expect(stateOf('2026-11-20T09:00:00Z', 0, NOW)).toBe('open');
  expect(stateOf(null, 0, NOW)).toBe('open');
  expect(stateOf('2026-11-25T09:00:00Z', 1, NOW)).toBe('noted');
});

test('a visit has the treatment of its patient and its time, and nobody else’s', () => {
  const records = [
    record('appointment', 'a1', '2026-11-23T09:00:00Z'),
    record('appointment_treatment', 't1', '2026-11-23T09:00:00Z'),
    record('appointment', 'a2', '2026-11-23T09:00:00Z', 'p2'),
    record('visit', 'v1', '2026-11-23T09:00:00Z'),
  ];
  const visits = visitsOf(records, new Map([['a2', 2]]), NOW);
  expect(visits.map(({ appointment, treatment, state }) => [appointment.owner_id, treatment?.owner_id, state])).toEqual([
    ['a1', 't1', 'coming'],
    ['a2', undefined, 'noted'],
  ]);
});

test('the next visit is first, of past ones the latest', () => {
  const at = (id: string, day: string): ClinicRecord => record('appointment', id, `2026-11-${day}T09:00:00Z`);
  const visits = visitsOf([at('b', '25'), at('a', '24'), at('c', '10'), at('d', '15')], new Map(), NOW);
  expect(column(visits, 'coming').map(({ appointment }) => appointment.owner_id)).toEqual(['a', 'b']);
  expect(column(visits, 'open').map(({ appointment }) => appointment.owner_id)).toEqual(['d', 'c']);
});
