import {equalJson} from '../../json.ts';
import {bgpPeerNames} from '../../plan/steps.ts';
import {findResource} from '../../snapshot.ts';
import {block, check, type DoctorInput, pass, unknown, warn, whenKnown} from '../types.ts';

/**
 * What only the mesh's sessions have, and Calico forbids once the mesh is off (calico.md: BGPConfiguration's
 * cross-field rules): the new BGPPeers must carry it.
 */
export const meshSettingChecks = [
	check('mesh-password', 'The mesh password can be carried over', input => {
		const {peering, facts} = input;
		const password = peering.meshPassword;
		if (!password) return pass('The mesh has no password.');
		const {name, key} = password.secretKeyRef;
		const secret = `key ${key} of the secret ${name}`;
		const without = plannedWithout(input, 'password', password);
		if (without.length > 0) {
			return block(
				`The mesh's password is ${secret}, but ${without.join(' and ')} ${without.length === 1 ? 'is' : 'are'} there already without it.`,
				`Give ${without.length === 1 ? 'it' : 'them'} the same password, or delete ${without.length === 1 ? 'it' : 'them'}: the plan makes them anew.`,
			);
		}
		return whenKnown(facts.passwordReadable, readable => {
			if (readable === null) return unknown(`Not known: whether calico-node may read ${secret} was not asked.`);
			return readable
				? pass(`The new BGPPeers carry on ${secret}, which calico-node may read.`)
				: block(
						`The mesh's password is ${secret}, which is missing or which calico-node may not read: no session with it would come up.`,
						"Create the secret in calico-node's namespace, and let calico-node's service account get, list and watch it.",
					);
		});
	}),
	check('mesh-restart-time', "The mesh's restart time can be carried over", input => {
		const time = findResource(input.snapshot, 'BGPConfiguration', 'default')?.spec.nodeMeshMaxRestartTime;
		if (!time) return pass('The mesh has no restart time of its own.');
		const without = plannedWithout(input, 'maxRestartTime', time);
		return without.length > 0
			? warn(
					`The mesh's restart time is ${time}, but ${without.join(' and ')} ${without.length === 1 ? 'is' : 'are'} there already without it (BIRD's own is 120 s).`,
					`Set maxRestartTime: ${time} there, or accept 120 s.`,
				)
			: pass(`The new BGPPeers carry on ${time}.`);
	}),
];

/** The plan's BGPPeers that would not have that value. */
function plannedWithout({plan, planned}: DoctorInput, field: string, value: unknown): readonly string[] {
	if (!plan) return [];
	return Object.values(bgpPeerNames).filter(name => {
		const bgpPeer = findResource(planned, 'BGPPeer', name);
		return bgpPeer !== undefined && !equalJson(bgpPeer.spec[field], value);
	});
}
