import type {ClusterFacts} from '../facts.ts';
import {type Encapsulation, encapsulationOf} from '../pools.ts';
import {findResource, type Snapshot} from '../snapshot.ts';
import {isAtLeast, parseRelease} from './version.ts';

export type Programmer = 'BIRD' | 'Felix' | 'both' | 'nobody' | 'unknown';

/** Who puts the routes of one pool into the nodes' kernel tables. */
export type PoolRoutes = {
	readonly pool: string;
	readonly cidr: string;
	readonly encapsulation: Encapsulation;
	readonly by: Programmer;
	/** Why it is not known; '' where it is. */
	readonly reason: string;
};

/** Classes of pools that each value of `programClusterRoutes` names (Calico's design/cluster-route-programming). */
const classes: Readonly<Record<string, readonly Encapsulation[]>> = {
	Enabled: ['IPIP', 'none'],
	EnabledIPIPOnly: ['IPIP'],
	EnabledNoEncapOnly: ['none'],
	Disabled: [],
};

/**
 * Who programs each pool's routes, by Calico's version and the two `programClusterRoutes` settings. VXLAN is always
 * Felix's; the rest is BIRD's, IPIP since v3.33 Felix's.
 */
export function routesOfPools(snapshot: Snapshot, {calicoVersion, felix}: ClusterFacts): readonly PoolRoutes[] {
	const settings = settingsOf(snapshot, {calicoVersion, felix});
	return snapshot.ipPools.map(pool => {
		const encapsulation = encapsulationOf(pool);
		const row = {pool: pool.metadata.name, cidr: pool.spec.cidr, encapsulation};
		if (encapsulation === 'VXLAN') return {...row, by: 'Felix', reason: ''};
		if (!settings.known) return {...row, by: 'unknown', reason: settings.reason};
		return {...row, by: programmerOf(encapsulation, settings), reason: ''};
	});
}

type Settings =
	| {readonly known: true; readonly felix: string; readonly bird: string}
	| {readonly known: false; readonly reason: string};

function settingsOf(
	snapshot: Snapshot,
	{calicoVersion, felix}: Pick<ClusterFacts, 'calicoVersion' | 'felix'>,
): Settings {
	if (!calicoVersion.known) return {known: false, reason: `Calico's version is not known: ${calicoVersion.reason}`};
	const release = parseRelease(calicoVersion.value);
	if (!release) return {known: false, reason: `"${calicoVersion.value}" is no version of Calico`};
	// Felix could not program them before v3.31.
	if (!isAtLeast(release, [3, 31])) return {known: true, felix: 'Disabled', bird: 'Enabled'};
	if (!felix.known) return {known: false, reason: `Felix's setting is not known: ${felix.reason}`};
	const isNew = isAtLeast(release, [3, 33]);
	const bird = findResource(snapshot, 'BGPConfiguration', 'default')?.spec.programClusterRoutes;
	return {
		known: true,
		felix: String(felix.value?.programClusterRoutes ?? (isNew ? 'EnabledIPIPOnly' : 'Disabled')),
		bird: String(bird ?? (isNew ? 'EnabledNoEncapOnly' : 'Enabled')),
	};
}

function programmerOf(encapsulation: Encapsulation, settings: {felix: string; bird: string}): Programmer {
	const felix = classes[settings.felix];
	const bird = classes[settings.bird];
	if (!felix || !bird) return 'unknown';
	const byFelix = felix.includes(encapsulation);
	const byBird = bird.includes(encapsulation);
	return byFelix ? (byBird ? 'both' : 'Felix') : byBird ? 'BIRD' : 'nobody';
}
