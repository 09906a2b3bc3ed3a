/** A line of klog, as kubectl and calicoctl write them to stderr: level, month and day, time, process, source. */
export function klogLine(level: 'E' | 'I', now: number, source: string, message: string): string {
	const iso = new Date(now).toISOString();
	return `${level}${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 23)}000    7344 ${source}] ${message}\n`;
}
