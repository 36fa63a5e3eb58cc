/** The rows of a table sorted by entity and time, written: TABLE TARGET. */
final class SortPeer {
    public static void main(String[] arguments) {
        Peer.spark()
                .read()
                .format("delta")
                .load(arguments[0])
                .select("transaction_id", "customer_id", "event_time", "amount")
                .repartition(new org.apache.spark.sql.Column("customer_id"))
                .sortWithinPartitions("customer_id", "event_time")
                .write()
                .format("delta")
                .save(arguments[1]);
    }
}
