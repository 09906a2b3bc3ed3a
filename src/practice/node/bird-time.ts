const limit = 20 * 3600 * 1000;

/** A moment as BIRD prints it in tables: the node's local time of day, or the date when older than 20 h (conf/conf.c). */
export function birdTime(at: number, now: number): string {
	return now - at < limit ? timeOfDay(at) : date(at);
}

/** A moment in full, as `show status` prints it. */
export function birdDateTime(at: number): string {
	return `${date(at)} ${timeOfDay(at)}`;
}

function timeOfDay(at: number): string {
	const time = new Date(at);
	return [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':');
}

function date(at: number): string {
	const time = new Date(at);
	return [time.getFullYear(), time.getMonth() + 1, time.getDate()].map(twoDigits).join('-');
}

function twoDigits(value: number): string {
	return String(value).padStart(2, '0');
}
