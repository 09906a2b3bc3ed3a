import {quoteForShell} from '../../cluster/node-shell.ts';
import type {Film} from './film.ts';

/** `recorded 2026-11-23 12:00:05 UTC: apply --practice`. */
export function recordedText({title}: Film): string {
	if (!title) return 'a transcript of tool calls';
	const when = new Date(title.at).toISOString().replace('T', ' ').slice(0, 19);
	return `recorded ${when} UTC: ${title.command.map(quoteForShell).join(' ')}`;
}

/** `0:07`, `12:05`, `1:02:33`. */
export function clockTime(milliseconds: number): string {
	const seconds = Math.floor(milliseconds / 1000);
	const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
	const two = (value: number) => String(value).padStart(2, '0');
	return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
