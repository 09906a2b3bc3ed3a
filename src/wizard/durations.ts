/** A finished time for people: `0.4 s`, `24 s`, `2 m 05 s`. */
export function formatDuration(milliseconds: number): string {
	const seconds = Math.max(0, milliseconds) / 1000;
	return seconds < 9.95 ? `${seconds.toFixed(1)} s` : formatWait(Math.round(seconds) * 1000);
}

/** A wait that goes on, in whole seconds so that the screen changes once a second: `2 s`, `1 m 05 s`. */
export function formatWait(milliseconds: number): string {
	const seconds = Math.floor(Math.max(0, milliseconds) / 1000);
	return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`;
}
