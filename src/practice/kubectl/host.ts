import type {ApiOptions} from '../kubernetes/api-resources.ts';
import type {ApiClient} from '../kubernetes/api-server.ts';
import type {ServerVersion} from './version.ts';

/** What kubectl finds where it is run, once it knows which cluster and user are meant. */
export type Host = {
	readonly api: ApiClient;
	/** Which API the server serves. */
	readonly options: ApiOptions;
	/** The namespace that is meant where none is said. */
	readonly namespace: string;
	readonly input: string;
	readonly directory: string;
	/** Milliseconds since the epoch. */
	readonly now: number;
	readonly server: {readonly url: string; readonly version: ServerVersion};
};
