export type DriftKind = 'added';
export type DriftDetail = unknown;
