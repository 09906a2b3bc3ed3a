import {randomUUID} from 'node:crypto';
import {hostname, userInfo} from 'node:os';
import type {ClusterIdentity} from '../cluster/port.ts';
import type {Choice} from '../core/plan/types.ts';

/**
 * The part of a choice that names a new run in the note that the cluster keeps. The built-in practice cluster ends with
 * this process: nobody could read a note there.
 */
export function newStamp({practice}: ClusterIdentity): Pick<Choice, 'stamp'> {
	if (practice) return {};
	return {stamp: {id: randomUUID(), at: new Date().toISOString(), by: `${userName()}@${hostname()}`}};
}

function userName(): string {
	try {
		return userInfo().username;
	} catch {
		// A user ID without an entry in the system's list, as in many containers.
		return 'unknown';
	}
}
