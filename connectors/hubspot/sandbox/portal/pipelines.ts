import { LIFECYCLE_STAGES } from '../schema/contact-properties.ts';
import { notFound } from '../wire/refusal.ts';
import type { ObjectType } from './object-types.ts';

type Stage = {
  readonly id: string;
  readonly label: string;
  readonly displayOrder: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly archived: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
};
export type Pipeline = {
  readonly id: string;
  readonly label: string;
  readonly displayOrder: number;
  readonly stages: readonly Stage[];
  readonly archived: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
};

type StageRow = readonly [id: string, label: string, metadata: Readonly<Record<string, string>>];

const deal = (id: string, label: string, probability: string, isClosed = 'false'): StageRow => [id, label, { probability, isClosed }];
const ticket = (id: string, label: string, ticketState: string): StageRow => [id, label, { ticketState }];

const DEALS: readonly StageRow[] = [
  deal('appointmentscheduled', 'Appointment Scheduled', '0.2'),
  deal('qualifiedtobuy', 'Qualified To Buy', '0.4'),
  deal('presentationscheduled', 'Presentation Scheduled', '0.6'),
  deal('decisionmakerboughtin', 'Decision Maker Bought-In', '0.8'),
  deal('contractsent', 'Contract Sent', '0.9'),
  deal('closedwon', 'Closed Won', '1.0', 'true'),
  deal('closedlost', 'Closed Lost', '0.0', 'true'),
];
const RENEWALS: readonly StageRow[] = [
  deal('renewalopen', 'Renewal Open', '0.5'),
  deal('renewalwon', 'Renewed', '1.0', 'true'),
  deal('renewallost', 'Not Renewed', '0.0', 'true'),
];
const TICKETS: readonly StageRow[] = [
  ticket('1', 'New', 'OPEN'),
  ticket('2', 'Waiting on contact', 'OPEN'),
  ticket('3', 'Waiting on us', 'OPEN'),
  ticket('4', 'Closed', 'CLOSED'),
];
const LIFECYCLE: readonly StageRow[] = LIFECYCLE_STAGES.map((stage) => [stage, stage, {}]);

function pipeline(
  { id, label, displayOrder }: Pick<Pipeline, 'id' | 'label' | 'displayOrder'>,
  rows: readonly StageRow[],
  at: string,
): Pipeline {
  const shared = { archived: false, createdAt: at, updatedAt: at };
  const stages = rows.map(([stageId, stageLabel, metadata], order) => ({
    ...shared,
    id: stageId,
    label: stageLabel,
    displayOrder: order,
    metadata,
  }));
  return { ...shared, id, label, displayOrder, stages };
}

/** The pipelines of a portal, by type of record. */
export class Pipelines {
  readonly #byType: Readonly<Record<string, readonly Pipeline[]>>;

  constructor(at: string, ways: { readonly secondDealPipeline: boolean }) {
    const lifecycle = pipeline({ id: 'contacts-lifecycle-pipeline', label: 'Lifecycle Stage Pipeline', displayOrder: 0 }, LIFECYCLE, at);
    const sales = pipeline({ id: 'default', label: 'Sales Pipeline', displayOrder: 0 }, DEALS, at);
    const renewals = pipeline({ id: 'renewals', label: 'Renewals', displayOrder: 1 }, RENEWALS, at);
    this.#byType = {
      contacts: [lifecycle],
      companies: [lifecycle],
      deals: ways.secondDealPipeline ? [sales, renewals] : [sales],
      tickets: [pipeline({ id: '0', label: 'Support Pipeline', displayOrder: 0 }, TICKETS, at)],
    };
  }

  of(type: ObjectType): readonly Pipeline[] {
    return this.#byType[type.name] ?? [];
  }

  get(type: ObjectType, id: string): Pipeline {
    const found = this.of(type).find((one) => one.id === id);
    if (found === undefined) throw notFound();
    return found;
  }
}
