import {readFileSync} from 'node:fs';

/** The process that namespaces and folders belong to; its start tells it from a later one with the same ID. */
export type Owner = {readonly pid: number; readonly started: string};

const prefix = 'calico-rr';

/** This process. */
export function thisOwner(): Owner {
	return {pid: process.pid, started: startOf(process.pid) ?? '0'};
}

/** How all names begin that a process gives on this machine: `calico-rr-4711-123456-`. */
export function ownedPrefix({pid, started}: Owner): string {
	return `${prefix}-${pid}-${started}-`;
}

/** Whose a name is; undefined where no run of this program gave it. */
export function ownerOf(name: string): Owner | undefined {
	const [, pid, started] = /^calico-rr-([1-9]\d*)-(\d+)-\w+(?:-\w+)?$/.exec(name) ?? [];
	return pid === undefined || started === undefined ? undefined : {pid: Number(pid), started};
}

/** Whether that process still runs. */
export function isAlive({pid, started}: Owner): boolean {
	return startOf(pid) === started;
}

/** Whether a process with that ID runs. */
export function isRunning(pid: number): boolean {
	return startOf(pid) !== undefined;
}

/** When a process began, in clock ticks since this boot (proc_pid_stat(5), field 22); undefined where it is dead. */
function startOf(pid: number): string | undefined {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
		// The second field is the command in parentheses and may hold blanks and parentheses itself.
		const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
		const [state = ''] = fields;
		// A zombie is dead, and only waits for its parent to notice.
		return ['Z', 'X'].includes(state) ? undefined : fields[19];
	} catch {
		return undefined;
	}
}
