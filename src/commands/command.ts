import type {Io} from './io.ts';
import type {Options} from './table.ts';

/** What was asked of a command. */
export type Request = {readonly positionals: readonly string[]; readonly options: Options};

/** A command: does what it is asked and says how the process ends. Throws UserError and ClusterError. */
export type Command = (request: Request, io: Io) => Promise<number>;
