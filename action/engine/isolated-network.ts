// The network of a second Docker beside one that manages rules for packets. Two that do flush each other's chains, and the
// ports of `services:` would break; so ours makes none (iptables=false), and what its containers need is made here, once,
// for one range of addresses: a bridge, a way out behind the machine's address, and a place in front of the rules of the
// machine's Docker, which drop what they do not know. Published ports are docker-proxy's.
// Containers may reach everything, and everything may answer them; nobody reaches what they have not published. Networks
// with a subnet of their own, outside of the range, have no way out.
// https://docs.docker.com/engine/network/packet-filtering-firewalls/
import { UserError } from '../../src/errors.ts';
import { DOCKER_DAEMON_JSON } from '../docker-settings.ts';
import type { Host } from '../host.ts';
import type { Journal, UndoStep } from '../journal.ts';
import { BRIDGE, IsolatedPlace } from './isolated-place.ts';
import { freeRange, partsOf } from './isolated-range.ts';

const FORWARD = '/proc/sys/net/ipv4/ip_forward';

/** The rules, each for a function `rule TABLE CHAIN MATCH...`; `$chain` is where forwarded packets are judged first. */
const RULES = `rule nat POSTROUTING --source "$range" ! --destination "$range" --jump MASQUERADE
rule filter "$chain" --source "$range" --jump ACCEPT
rule filter "$chain" --destination "$range" --match conntrack --ctstate RELATED,ESTABLISHED --jump ACCEPT`;

/** DOCKER-USER is the chain that Docker leaves to the user and asks before its own. What is there already is used. */
const SET_UP = `# Makes the network of the second Docker.
set -e
bridge=$1 gateway=$2 range=$3
if [ ! -e "/sys/class/net/$bridge" ]; then ip link add name "$bridge" type bridge; fi
ip address replace "$gateway" dev "$bridge"
ip link set "$bridge" up
chain=FORWARD
case $(iptables --wait --list-rules FORWARD) in *"-j DOCKER-USER"*) chain=DOCKER-USER ;; esac
rule() {
  table=$1
  shift
  if iptables --wait --table "$table" --check "$@" 2>/dev/null; then return; fi
  iptables --wait --table "$table" --insert "$@"
}
${RULES}`;

/** Also what Docker made in the range: bridges of networks that nobody has removed. */
const TAKE_DOWN = `# Removes the network of the second Docker.
bridge=$1 prefix=$2 range=$3
status=0
rule() {
  table=$1
  shift
  if ! iptables --wait --table "$table" --check "$@" 2>/dev/null; then return; fi
  iptables --wait --table "$table" --delete "$@" || status=1
}
for chain in DOCKER-USER FORWARD; do
${RULES}
done
if [ -e "/sys/class/net/$bridge" ]; then ip link delete "$bridge" || status=1; fi
for device in $(ip -4 -oneline address show | while read -r _ device _ address _; do
  case $address in "$prefix"*) echo "$device" ;; esac
done); do ip link delete "$device" || status=1; done
exit $status`;

/**
 * A range for containers that is nobody's on this machine. Also asked: name servers, which a default route may lead to, and
 * the networks that the machine's Docker is told to make.
 * @throws UserError when every private range is taken.
 */
export async function chooseRange(host: Host): Promise<string> {
  const known = await Promise.all([
    host.run(['ip', '-4', 'route', 'show', 'table', 'all']),
    host.run(['ip', '-4', '-oneline', 'address', 'show']),
    ...['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf', '/etc/hosts', DOCKER_DAEMON_JSON].map((path) =>
      host.read(path),
    ),
  ]);
  const range = freeRange(known.map((text) => text ?? ''));
  if (range !== undefined) return range;
  throw new UserError(
    'a second Docker needs a private range of IPv4 addresses, and routes of this machine take all of them',
    'Remove routes that are wider than they need to be, or set Docker up before containers run: without `services:`.',
  );
}

/** Makes the bridge and the rules. @throws LazypullError with what `ip` or `iptables` says. */
export async function setUpNetwork(host: Host, journal: Journal, range: string): Promise<void> {
  await forward(host, journal);
  journal.note(takeDown(range));
  await host.write(IsolatedPlace.RANGE, range);
  await host.run(['sh', '-c', SET_UP, 'sh', BRIDGE, partsOf(range).gateway, range], { root: true });
}

/** Takes away a network as the journal does it: that of a dead job. */
export async function removeNetwork(host: Host, range: string): Promise<void> {
  await host.run(takeDown(range).command, { root: true });
}

/** Docker turns it on, too, and never off again. */
async function forward(host: Host, journal: Journal): Promise<void> {
  const before = (await host.read(FORWARD))?.trim();
  if (before === '1') return;
  const set = (value: string): string[] => ['sh', '-c', 'echo "$1" > "$2"', 'sh', value, FORWARD];
  journal.note({ kind: 'command', command: set(before ?? '0'), root: true });
  await host.run(set('1'), { root: true });
}

function takeDown(range: string): Extract<UndoStep, { kind: 'command' }> {
  const command = ['sh', '-c', TAKE_DOWN, 'sh', BRIDGE, partsOf(range).prefix, range];
  return { kind: 'command', command, root: true };
}
