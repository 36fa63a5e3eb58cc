/** Reads every column of a table and keeps nothing: TABLE. */
final class ScanPeer {
    public static void main(String[] arguments) {
        Peer.spark().read().format("delta").load(arguments[0]).write().format("noop").mode("overwrite").save();
    }
}
