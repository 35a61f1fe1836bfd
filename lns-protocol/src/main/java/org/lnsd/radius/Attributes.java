package org.lnsd.radius;

/** The attributes that lnsd knows by name in its code; the dictionary knows more for logs. */
public final class Attributes {
    /** User-Name. */
    public static final AttributeType USER_NAME = AttributeType.of(1);
    /** User-Password. */
    public static final AttributeType USER_PASSWORD = AttributeType.of(2);
    /** CHAP-Password. */
    public static final AttributeType CHAP_PASSWORD = AttributeType.of(3);
    /** NAS-IP-Address. */
    public static final AttributeType NAS_IP_ADDRESS = AttributeType.of(4);
    /** NAS-Port. */
    public static final AttributeType NAS_PORT = AttributeType.of(5);
    /** Service-Type. */
    public static final AttributeType SERVICE_TYPE = AttributeType.of(6);
    /** Framed-Protocol. */
    public static final AttributeType FRAMED_PROTOCOL = AttributeType.of(7);
    /** Framed-IP-Address. */
    public static final AttributeType FRAMED_IP_ADDRESS = AttributeType.of(8);
    /** Framed-IP-Netmask. */
    public static final AttributeType FRAMED_IP_NETMASK = AttributeType.of(9);
    /** Framed-Routing. */
    public static final AttributeType FRAMED_ROUTING = AttributeType.of(10);
    /** Filter-Id. */
    public static final AttributeType FILTER_ID = AttributeType.of(11);
    /** Framed-MTU. */
    public static final AttributeType FRAMED_MTU = AttributeType.of(12);
    /** Framed-Compression. */
    public static final AttributeType FRAMED_COMPRESSION = AttributeType.of(13);
    /** Reply-Message. */
    public static final AttributeType REPLY_MESSAGE = AttributeType.of(18);
    /** Framed-Route. */
    public static final AttributeType FRAMED_ROUTE = AttributeType.of(22);
    /** State. */
    public static final AttributeType STATE = AttributeType.of(24);
    /** Class. */
    public static final AttributeType CLASS = AttributeType.of(25);
    /** Vendor-Specific. */
    public static final AttributeType VENDOR_SPECIFIC = AttributeType.of(26);
    /** Session-Timeout. */
    public static final AttributeType SESSION_TIMEOUT = AttributeType.of(27);
    /** Idle-Timeout. */
    public static final AttributeType IDLE_TIMEOUT = AttributeType.of(28);
    /** Termination-Action. */
    public static final AttributeType TERMINATION_ACTION = AttributeType.of(29);
    /** Called-Station-Id. */
    public static final AttributeType CALLED_STATION_ID = AttributeType.of(30);
    /** Calling-Station-Id. */
    public static final AttributeType CALLING_STATION_ID = AttributeType.of(31);
    /** NAS-Identifier. */
    public static final AttributeType NAS_IDENTIFIER = AttributeType.of(32);
    /** Proxy-State. */
    public static final AttributeType PROXY_STATE = AttributeType.of(33);
    /** Acct-Status-Type. */
    public static final AttributeType ACCT_STATUS_TYPE = AttributeType.of(40);
    /** Acct-Delay-Time. */
    public static final AttributeType ACCT_DELAY_TIME = AttributeType.of(41);
    /** Acct-Input-Octets. */
    public static final AttributeType ACCT_INPUT_OCTETS = AttributeType.of(42);
    /** Acct-Output-Octets. */
    public static final AttributeType ACCT_OUTPUT_OCTETS = AttributeType.of(43);
    /** Acct-Session-Id. */
    public static final AttributeType ACCT_SESSION_ID = AttributeType.of(44);
    /** Acct-Authentic. */
    public static final AttributeType ACCT_AUTHENTIC = AttributeType.of(45);
    /** Acct-Session-Time. */
    public static final AttributeType ACCT_SESSION_TIME = AttributeType.of(46);
    /** Acct-Input-Packets. */
    public static final AttributeType ACCT_INPUT_PACKETS = AttributeType.of(47);
    /** Acct-Output-Packets. */
    public static final AttributeType ACCT_OUTPUT_PACKETS = AttributeType.of(48);
    /** Acct-Terminate-Cause. */
    public static final AttributeType ACCT_TERMINATE_CAUSE = AttributeType.of(49);
    /** Acct-Multi-Session-Id. */
    public static final AttributeType ACCT_MULTI_SESSION_ID = AttributeType.of(50);
    /** Acct-Link-Count. */
    public static final AttributeType ACCT_LINK_COUNT = AttributeType.of(51);
    /** Acct-Input-Gigawords. */
    public static final AttributeType ACCT_INPUT_GIGAWORDS = AttributeType.of(52);
    /** Acct-Output-Gigawords. */
    public static final AttributeType ACCT_OUTPUT_GIGAWORDS = AttributeType.of(53);
    /** Event-Timestamp. */
    public static final AttributeType EVENT_TIMESTAMP = AttributeType.of(55);
    /** CHAP-Challenge. */
    public static final AttributeType CHAP_CHALLENGE = AttributeType.of(60);
    /** NAS-Port-Type. */
    public static final AttributeType NAS_PORT_TYPE = AttributeType.of(61);
    /** Port-Limit. */
    public static final AttributeType PORT_LIMIT = AttributeType.of(62);
    /** Tunnel-Type. */
    public static final AttributeType TUNNEL_TYPE = AttributeType.of(64);
    /** Tunnel-Medium-Type. */
    public static final AttributeType TUNNEL_MEDIUM_TYPE = AttributeType.of(65);
    /** Tunnel-Client-Endpoint. */
    public static final AttributeType TUNNEL_CLIENT_ENDPOINT = AttributeType.of(66);
    /** Tunnel-Server-Endpoint. */
    public static final AttributeType TUNNEL_SERVER_ENDPOINT = AttributeType.of(67);
    /** Acct-Tunnel-Connection. */
    public static final AttributeType ACCT_TUNNEL_CONNECTION = AttributeType.of(68);
    /** Tunnel-Password. */
    public static final AttributeType TUNNEL_PASSWORD = AttributeType.of(69);
    /** Connect-Info. */
    public static final AttributeType CONNECT_INFO = AttributeType.of(77);
    /** Message-Authenticator. */
    public static final AttributeType MESSAGE_AUTHENTICATOR = AttributeType.of(80);
    /** Tunnel-Assignment-Id. */
    public static final AttributeType TUNNEL_ASSIGNMENT_ID = AttributeType.of(82);
    /** Acct-Interim-Interval. */
    public static final AttributeType ACCT_INTERIM_INTERVAL = AttributeType.of(85);
    /** NAS-Port-Id. */
    public static final AttributeType NAS_PORT_ID = AttributeType.of(87);
    /** Framed-Pool. */
    public static final AttributeType FRAMED_POOL = AttributeType.of(88);
    /** Chargeable-User-Identity. */
    public static final AttributeType CHARGEABLE_USER_IDENTITY = AttributeType.of(89);
    /** Tunnel-Client-Auth-Id. */
    public static final AttributeType TUNNEL_CLIENT_AUTH_ID = AttributeType.of(90);
    /** Tunnel-Server-Auth-Id. */
    public static final AttributeType TUNNEL_SERVER_AUTH_ID = AttributeType.of(91);
    /** NAS-IPv6-Address. */
    public static final AttributeType NAS_IPV6_ADDRESS = AttributeType.of(95);
    /** Framed-Interface-Id. */
    public static final AttributeType FRAMED_INTERFACE_ID = AttributeType.of(96);
    /** Framed-IPv6-Prefix. */
    public static final AttributeType FRAMED_IPV6_PREFIX = AttributeType.of(97);
    /** Framed-IPv6-Route. */
    public static final AttributeType FRAMED_IPV6_ROUTE = AttributeType.of(99);
    /** Framed-IPv6-Pool. */
    public static final AttributeType FRAMED_IPV6_POOL = AttributeType.of(100);
    /** Error-Cause. */
    public static final AttributeType ERROR_CAUSE = AttributeType.of(101);
    /** Delegated-IPv6-Prefix. */
    public static final AttributeType DELEGATED_IPV6_PREFIX = AttributeType.of(123);
    /** Framed-IPv6-Address. */
    public static final AttributeType FRAMED_IPV6_ADDRESS = AttributeType.of(168);
    /** DNS-Server-IPv6-Address. */
    public static final AttributeType DNS_SERVER_IPV6_ADDRESS = AttributeType.of(169);
    /** Delegated-IPv6-Prefix-Pool. */
    public static final AttributeType DELEGATED_IPV6_PREFIX_POOL = AttributeType.of(171);
    /** Stateful-IPv6-Address-Pool. */
    public static final AttributeType STATEFUL_IPV6_ADDRESS_POOL = AttributeType.of(172);
    /** Ascend-Client-Primary-DNS. */
    public static final AttributeType ASCEND_PLAIN_CLIENT_PRIMARY_DNS = AttributeType.of(135);
    /** Ascend-Client-Secondary-DNS. */
    public static final AttributeType ASCEND_PLAIN_CLIENT_SECONDARY_DNS = AttributeType.of(136);
    /** Vendor MICROSOFT. */
    public static final int VENDOR_MICROSOFT = 311;
    /** MS-CHAP-Error. */
    public static final AttributeType MS_CHAP_ERROR = new AttributeType(VENDOR_MICROSOFT, 2);
    /** MS-CHAP-Challenge. */
    public static final AttributeType MS_CHAP_CHALLENGE = new AttributeType(VENDOR_MICROSOFT, 11);
    /** MS-CHAP2-Response. */
    public static final AttributeType MS_CHAP2_RESPONSE = new AttributeType(VENDOR_MICROSOFT, 25);
    /** MS-CHAP2-Success. */
    public static final AttributeType MS_CHAP2_SUCCESS = new AttributeType(VENDOR_MICROSOFT, 26);
    /** MS-Primary-DNS-Server. */
    public static final AttributeType MS_PRIMARY_DNS_SERVER = new AttributeType(VENDOR_MICROSOFT, 28);
    /** MS-Secondary-DNS-Server. */
    public static final AttributeType MS_SECONDARY_DNS_SERVER = new AttributeType(VENDOR_MICROSOFT, 29);
    /** MS-Primary-NBNS-Server. */
    public static final AttributeType MS_PRIMARY_NBNS_SERVER = new AttributeType(VENDOR_MICROSOFT, 30);
    /** MS-Secondary-NBNS-Server. */
    public static final AttributeType MS_SECONDARY_NBNS_SERVER = new AttributeType(VENDOR_MICROSOFT, 31);
    /** Vendor CISCO. */
    public static final int VENDOR_CISCO = 9;
    /** Cisco-AVPair. */
    public static final AttributeType CISCO_AVPAIR = new AttributeType(VENDOR_CISCO, 1);
    /** Cisco-Disconnect-Cause. */
    public static final AttributeType CISCO_DISCONNECT_CAUSE = new AttributeType(VENDOR_CISCO, 195);
    /** Vendor ASCEND. */
    public static final int VENDOR_ASCEND = 529;
    /** Ascend-Client-Primary-DNS. */
    public static final AttributeType ASCEND_CLIENT_PRIMARY_DNS = new AttributeType(VENDOR_ASCEND, 135);
    /** Ascend-Client-Secondary-DNS. */
    public static final AttributeType ASCEND_CLIENT_SECONDARY_DNS = new AttributeType(VENDOR_ASCEND, 136);
    /** Ascend-Data-Rate. */
    public static final AttributeType ASCEND_DATA_RATE = new AttributeType(VENDOR_ASCEND, 197);
    /** Ascend-Xmit-Rate. */
    public static final AttributeType ASCEND_XMIT_RATE = new AttributeType(VENDOR_ASCEND, 255);
    /** Vendor ADSL_FORUM. */
    public static final int VENDOR_ADSL_FORUM = 3561;
    /** ADSL-Agent-Circuit-Id. */
    public static final AttributeType AGENT_CIRCUIT_ID = new AttributeType(VENDOR_ADSL_FORUM, 1);
    /** ADSL-Agent-Remote-Id. */
    public static final AttributeType AGENT_REMOTE_ID = new AttributeType(VENDOR_ADSL_FORUM, 2);
    /** Access-Loop-Encapsulation. */
    public static final AttributeType ACCESS_LOOP_ENCAPSULATION = new AttributeType(VENDOR_ADSL_FORUM, 144);
    /** IWF-Session. */
    public static final AttributeType IWF_SESSION = new AttributeType(VENDOR_ADSL_FORUM, 254);
    /** Vendor WISPR. */
    public static final int VENDOR_WISPR = 14122;
    /** WISPr-Bandwidth-Max-Up. */
    public static final AttributeType WISPR_BANDWIDTH_MAX_UP = new AttributeType(VENDOR_WISPR, 7);
    /** WISPr-Bandwidth-Max-Down. */
    public static final AttributeType WISPR_BANDWIDTH_MAX_DOWN = new AttributeType(VENDOR_WISPR, 8);
    /** Vendor MIKROTIK. */
    public static final int VENDOR_MIKROTIK = 14988;
    /** Mikrotik-Rate-Limit. */
    public static final AttributeType MIKROTIK_RATE_LIMIT = new AttributeType(VENDOR_MIKROTIK, 8);
    /** Mikrotik-Total-Limit. */
    public static final AttributeType MIKROTIK_TOTAL_LIMIT = new AttributeType(VENDOR_MIKROTIK, 17);
    /** Mikrotik-Total-Limit-Gigawords. */
    public static final AttributeType MIKROTIK_TOTAL_LIMIT_GIGAWORDS = new AttributeType(VENDOR_MIKROTIK, 18);
    /** Vendor ERX. */
    public static final int VENDOR_ERX = 4874;
    /** ERX-Primary-Dns. */
    public static final AttributeType ERX_PRIMARY_DNS = new AttributeType(VENDOR_ERX, 4);
    /** ERX-Secondary-Dns. */
    public static final AttributeType ERX_SECONDARY_DNS = new AttributeType(VENDOR_ERX, 5);
    /** ERX-Ingress-Policy-Name. */
    public static final AttributeType ERX_INGRESS_POLICY_NAME = new AttributeType(VENDOR_ERX, 10);
    /** ERX-Egress-Policy-Name. */
    public static final AttributeType ERX_EGRESS_POLICY_NAME = new AttributeType(VENDOR_ERX, 11);
    /** ERX-IPv6-Primary-Dns. */
    public static final AttributeType ERX_IPV6_PRIMARY_DNS = new AttributeType(VENDOR_ERX, 47);
    /** ERX-IPv6-Secondary-Dns. */
    public static final AttributeType ERX_IPV6_SECONDARY_DNS = new AttributeType(VENDOR_ERX, 48);
    /** ERX-Client-Profile-Name. */
    public static final AttributeType ERX_CLIENT_PROFILE_NAME = new AttributeType(VENDOR_ERX, 174);
    /** ERX-QoS-Parameters. */
    public static final AttributeType ERX_QOS_PARAMETERS = new AttributeType(VENDOR_ERX, 82);

    private Attributes() {}
}
