package org.lnsd.daemon.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;

import org.lnsd.daemon.control.Node;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;

/** Answers GET requests: three pages, nothing that changes anything. */
@Sharable
final class PageHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(PageHandler.class);
    private static final String TEXT = "text/plain; charset=utf-8";

    private final MetricRegistry registry;
    private final Node node;
    private final Exposition exposition = new Exposition();

    PageHandler(MetricRegistry registry, Node node) {
        this.registry = registry;
        this.node = node;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) throws IOException {
        boolean head = request.method().equals(HttpMethod.HEAD);
        FullHttpResponse response = !request.decoderResult().isSuccess()
                ? page(HttpResponseStatus.BAD_REQUEST, TEXT, "bad request\n".getBytes(UTF_8))
                : head || request.method().equals(HttpMethod.GET)
                        ? answer(new QueryStringDecoder(request.uri()).path(), request)
                        : page(HttpResponseStatus.METHOD_NOT_ALLOWED, TEXT, "only GET\n".getBytes(UTF_8));
        HttpUtil.setContentLength(response, response.content().readableBytes());
        response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store").set("X-Content-Type-Options", "nosniff").set(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'");
        if (head) {
            response.content().clear();
        }
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        HttpUtil.setKeepAlive(response, keepAlive);
        var written = context.writeAndFlush(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private FullHttpResponse answer(String path, FullHttpRequest request) throws IOException {
        return switch (path) {
            case "/metrics" -> {
                Exposition.Document document = exposition.write(registry.collect(),
                        request.headers().get(HttpHeaderNames.ACCEPT));
                yield page(HttpResponseStatus.OK, document.contentType(), document.octets());
            }
            case "/healthz" -> {
                boolean ready = node.status().ready();
                yield page(ready ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE, TEXT,
                        (node.status().state() + "\n").getBytes(UTF_8));
            }
            case "/" ->
                page(HttpResponseStatus.OK, "text/html; charset=utf-8", StatusPage.render(node).getBytes(UTF_8));
            default -> page(HttpResponseStatus.NOT_FOUND, TEXT,
                    "not found; there are /, /metrics and /healthz\n".getBytes(UTF_8));
        };
    }

    private static FullHttpResponse page(HttpResponseStatus status, String type, byte[] content) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status,
                Unpooled.wrappedBuffer(content));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
        return response;
    }

    /** The boundary of a connection: whatever goes wrong ends it and nothing else. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("http-connection-failed cause={}", cause.toString());
        var _ = context.close();
    }
}
