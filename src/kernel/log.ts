/** One line for each decision, with ids, never with values. */
export type Log = {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
};

export const silentLog: Log = { info() {}, warn() {}, error() {} };
