import type {Command} from './command.ts';
import type {CommandName} from './table.ts';

/** Each command is loaded only when it is asked for. */
export const load: Readonly<Record<Exclude<CommandName, 'version'>, () => Promise<Command>>> = {
	wizard: async () => (await import('./wizard.ts')).wizard,
	plan: async () => (await import('./plan.ts')).plan,
	apply: async () => (await import('./apply.ts')).apply,
	hold: async () => (await import('./hold.ts')).hold,
	resume: async () => (await import('./resume.ts')).resume,
	rollback: async () => (await import('./rollback.ts')).rollback,
	status: async () => (await import('./status.ts')).status,
	doctor: async () => (await import('./doctor.ts')).doctor,
	record: async () => (await import('./record.ts')).record,
	replay: async () => (await import('./replay.ts')).replay,
	predict: async () => (await import('./predict.ts')).predict,
	practice: async () => (await import('./practice.ts')).practice,
	lab: async () => (await import('./lab.ts')).lab,
	completion: async () => (await import('./completion.ts')).completion,
	help: async () => (await import('./help.ts')).help,
};
