import type { ClinicRecord } from '../src/api/directory.js';
import { localDay } from './words.js';

/** Where a visit stands: follows from when it is and whether somebody has written a note about it. */
export const STATES = ['today', 'coming', 'open', 'noted'] as const;
export type VisitState = (typeof STATES)[number];

export interface Visit {
  appointment: ClinicRecord;
  /** What is done in it; null where the directory knows of none. */
  treatment: ClinicRecord | null;
  state: VisitState;
  notes: number;
}

export function stateOf(at: string | null, notes: number, now: Date): VisitState {
  if (notes > 0) return 'noted';
  const time = at === null ? 0 : new Date(at).getTime();
  if (time > now.getTime()) return localDay(at ?? now) === localDay(now) ? 'today' : 'coming';
  return at !== null && localDay(at) === localDay(now) ? 'today' : 'open';
}

/**
 * The visits of a clinic. The directory holds appointments and treatments side by side: those of one patient at one time
 * belong together.
 */
export function visitsOf(records: readonly ClinicRecord[], notes: ReadonlyMap<string, number>, now: Date): Visit[] {
  const key = ({ patient_id: patient, occurred_at: at }: ClinicRecord): string => `${patient} ${at}`;
  const treatments = new Map(records.filter((one) => one.owner_type === 'appointment_treatment').map((one) => [key(one), one]));
  return records
    .filter((one) => one.owner_type === 'appointment')
    .map((appointment) => {
      const n = notes.get(appointment.owner_id) ?? 0;
      return { appointment, treatment: treatments.get(key(appointment)) ?? null, state: stateOf(appointment.occurred_at, n, now), notes: n };
    });
}

/** One column: what comes first is first, what is over has the latest first. */
export function column(visits: readonly Visit[], state: VisitState): Visit[] {
  const time = ({ appointment }: Visit): string => appointment.occurred_at ?? '';
  const mine = visits.filter((one) => one.state === state).toSorted((one, two) => time(one).localeCompare(time(two)));
  return state === 'open' || state === 'noted' ? mine.reverse() : mine;
}
