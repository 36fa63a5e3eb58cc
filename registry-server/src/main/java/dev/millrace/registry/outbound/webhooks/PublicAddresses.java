package dev.millrace.registry.outbound.webhooks;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Tells addresses of the public internet from all others: the special-purpose registries of IANA (RFC 6890 and its
 * updates), as Python's {@code ipaddress.is_global} reads them; multicast and the old site-local are not public, either. IPv6 addresses that carry an IPv4 one (6to4, NAT64) are
 * judged by that one; Java itself turns IPv4-mapped ones into IPv4.
 */
final class PublicAddresses {
    private static final List<Block> SPECIAL = List.of(
            Block.of("0.0.0.0", 8),
            Block.of("10.0.0.0", 8),
            Block.of("100.64.0.0", 10),
            Block.of("127.0.0.0", 8),
            Block.of("169.254.0.0", 16),
            Block.of("172.16.0.0", 12),
            Block.of("192.0.0.0", 24),
            Block.of("192.0.2.0", 24),
            Block.of("192.168.0.0", 16),
            Block.of("198.18.0.0", 15),
            Block.of("198.51.100.0", 24),
            Block.of("203.0.113.0", 24),
            Block.of("224.0.0.0", 4),
            Block.of("240.0.0.0", 4),
            Block.of("::", 96),
            Block.of("100::", 64),
            Block.of("2001::", 23),
            Block.of("2001:db8::", 32),
            Block.of("3fff::", 20),
            Block.of("5f00::", 16),
            Block.of("64:ff9b:1::", 48),
            Block.of("fc00::", 7),
            Block.of("fe80::", 9), // link-local, and the site-local that it once stood beside
            Block.of("ff00::", 8));
    private static final Block SIX_TO_FOUR = Block.of("2002::", 16);
    private static final Block NAT64 = Block.of("64:ff9b::", 96);

    private PublicAddresses() {}

    static boolean isPublic(InetAddress address) {
        InetAddress judged = address instanceof Inet6Address ? embedded(address) : address;
        return SPECIAL.stream().noneMatch(block -> block.holds(judged));
    }

    private static InetAddress embedded(InetAddress address) {
        if (SIX_TO_FOUR.holds(address)) return address(Arrays.copyOfRange(address.getAddress(), 2, 6));
        if (NAT64.holds(address)) return address(Arrays.copyOfRange(address.getAddress(), 12, 16));
        return address;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Addresses that share their first bits. */
    private record Block(InetAddress first, int bits) {
        /** @param literal an address, never a name */
        static Block of(String literal, int bits) {
            try {
                return new Block(InetAddress.getByName(literal), bits);
            } catch (UnknownHostException impossible) {
                throw new AssertionError(impossible);
            }
        }

        boolean holds(InetAddress address) {
            if (first instanceof Inet4Address != address instanceof Inet4Address) return false;
            byte[] ours = first.getAddress();
            byte[] theirs = address.getAddress();
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((ours[bit / 8] & mask) != (theirs[bit / 8] & mask)) return false;
            }
            return true;
        }
    }
}
