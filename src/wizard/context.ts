import type {Journal} from '../apply/journal.ts';
import type {Run} from '../apply/run.ts';
import type {Cluster} from '../cluster/port.ts';
import type {Clock} from '../core/clock.ts';
import type {Choice, Plan} from '../core/plan/types.ts';

/** Everything the wizard needs from the outside, on screens and as plain prompts alike. */
export type WizardContext = {
	readonly cluster: Cluster;
	readonly clock: Clock;
	/** Answers given by flags: their questions are skipped. */
	readonly preset: Partial<Choice>;
	/** Opens the record of a run; null only where the user asked for none. */
	readonly openJournal: (plan: Plan) => Journal | null;
	/** Keeps a run's plan and events where it is recorded: gives the run to be followed instead. Absent where it is not. */
	readonly recordRun?: (plan: Plan, run: Run) => Run;
	/** Writes the plan as YAML files and gives the folder. */
	readonly savePlan: (plan: Plan) => Promise<string>;
	/** Milliseconds a gate waits after its count last rose. */
	readonly gateTimeout?: number;
	/** Aborted by SIGINT, SIGTERM and SIGHUP, with the exit code (128 + n) as its reason. */
	readonly signal: AbortSignal;
	/** The user said that a calicoctl of another version may be used; the doctor wants to know. */
	readonly allowVersionMismatch?: boolean;
	readonly env: Readonly<Record<string, string | undefined>>;
};

/** How the wizard ended; the caller prints the summary on the normal screen. */
export type WizardResult = {readonly exitCode: number; readonly summary: string};
