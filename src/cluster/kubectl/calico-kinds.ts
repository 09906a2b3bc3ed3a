import {isObject, type JsonObject} from '../../core/json.ts';
import type {BgpConfigurationResource, BgpPeerResource, ClusterInformationResource} from '../../core/resources.ts';
import type {Seen} from '../../core/session.ts';
import {AnswerError} from '../calicoctl/answers.ts';
import {sanitize} from '../sanitize.ts';
import {readItems, toCalico} from './answers.ts';
import {qualified} from './commands.ts';
import type {Api} from './discovery.ts';
import {wordsOf} from './failures.ts';
import type {Kubectl} from './run.ts';

/** Calico's resources with the marks of those who keep them; a user may be allowed to see some kinds and not others. */
export type CalicoKinds = {
	readonly information: Seen<ClusterInformationResource | null>;
	/** FelixConfiguration default's spec. */
	readonly felix: Seen<JsonObject | null>;
	readonly bgpConfigurations: Seen<readonly BgpConfigurationResource[]>;
	readonly bgpPeers: Seen<readonly BgpPeerResource[]>;
};

const plurals = ['clusterinformations', 'felixconfigurations', 'bgpconfigurations', 'bgppeers'] as const;

/** Reads them in one call, with the fields' managers, which kubectl leaves out otherwise. Throws ClusterError. */
export async function readCalicoKinds(kubectl: Kubectl, api: Api, signal?: AbortSignal): Promise<CalicoKinds> {
	const kinds = plurals.map(plural => qualified(plural, api)).join(',');
	return kubectl.ask(
		['get', kinds, '-o', 'json', '--show-managed-fields'],
		(stdout, result) => {
			const items = readItems(stdout);
			const refusal = (plural: string) => refusalOf(wordsOf({...result, stdout: ''}), qualified(plural, api));
			const only = <T>(plural: (typeof plurals)[number], read: () => T): Seen<T> => {
				const reason = refusal(plural);
				return reason === undefined ? {known: true, value: read()} : {known: false, reason};
			};
			return {
				information: only('clusterinformations', () => {
					const found = named(items, 'ClusterInformation');
					return found ? toCalico(found, 'ClusterInformation', 'ClusterInformation default') : null;
				}),
				felix: only('felixconfigurations', () => {
					const found = named(items, 'FelixConfiguration');
					if (found === undefined) return null;
					if (!isObject(found.spec)) throw new AnswerError('FelixConfiguration default has no spec.');
					return found.spec;
				}),
				bgpConfigurations: only('bgpconfigurations', () =>
					items
						.filter(({kind}) => kind === 'BGPConfiguration')
						.map(item => toCalico(item, 'BGPConfiguration', 'a BGPConfiguration')),
				),
				bgpPeers: only('bgppeers', () =>
					items.filter(({kind}) => kind === 'BGPPeer').map(item => toCalico(item, 'BGPPeer', 'a BGPPeer')),
				),
			};
		},
		// kubectl prints the kinds that may be read, and fails for the others.
		{signal, accept: ({stdout, stderr}) => stdout.startsWith('{') && stderr.includes('(Forbidden)')},
	);
}

/** kubectl's line about a kind that may not be listed, or undefined. */
function refusalOf(words: string, resource: string): string | undefined {
	const line = words
		.split('\n')
		.find(text => text.includes('(Forbidden)') && text.includes(`${resource} is forbidden`));
	return line === undefined ? undefined : sanitize(line);
}

function named(items: readonly JsonObject[], kind: string): JsonObject | undefined {
	return items.find(item => item.kind === kind && isObject(item.metadata) && item.metadata.name === 'default');
}
