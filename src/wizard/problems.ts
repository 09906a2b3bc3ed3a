import {UserError} from '../core/user-error.ts';
import type {Problem} from './state.ts';

/** An error of a tool: a sentence of ours, and beside it what the tool printed. */
type ToolError = {
	readonly message: string;
	readonly detail: {readonly words: string; readonly next: readonly string[]};
};

/** What anything thrown says to a user; never its stack. */
export function problemOf(error: unknown): Problem {
	if (error instanceof UserError) return {message: error.message, words: '', next: error.next};
	if (isToolError(error)) return {message: error.message, words: error.detail.words, next: error.detail.next};
	return {message: error instanceof Error ? error.message : String(error), words: '', next: []};
}

/** By shape, since ClusterError's layer is above this one. */
function isToolError(error: unknown): error is ToolError {
	return error instanceof Error && 'detail' in error && typeof (error.detail as {words?: unknown})?.words === 'string';
}
