import { StreamableFile } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Express, RequestHandler, Response } from 'express';

import { Page } from '../common/page.js';
import { Export, replyWithExport } from './export-answer.js';
import { PageReplies } from './page-replies.js';
import { type RouteMethod, RouteTable } from './route-table.js';

/**
 * Express, except that routes are in a table, and that an object is sent as JSON in one write, and a list in chunks.
 * `response.json` looks up settings, a media type, a digest and freshness, which this server does not use, and writes
 * head and body separately, which costs an eighth of a read.
 */
export class JsonRepliesAdapter extends ExpressAdapter {
  private readonly pages = new PageReplies();
  private routes: RouteTable | undefined;

  override get(...route: Route): unknown {
    return this.addRoute('get', route);
  }

  override post(...route: Route): unknown {
    return this.addRoute('post', route);
  }

  override put(...route: Route): unknown {
    return this.addRoute('put', route);
  }

  override patch(...route: Route): unknown {
    return this.addRoute('patch', route);
  }

  override delete(...route: Route): unknown {
    return this.addRoute('delete', route);
  }

  override reply(response: Response, body: unknown, statusCode?: number): unknown {
    if (!isJson(body)) return super.reply(response, body, statusCode);
    if (statusCode !== undefined) response.statusCode = statusCode;
    if (body instanceof Page) return this.pages.reply(response, body);
    if (body instanceof Export) return replyWithExport(response, body);
    const text = JSON.stringify(body);
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.setHeader('Content-Length', Buffer.byteLength(text));
    return response.end(text);
  }

  /** The table comes into the order of middleware where the first route is added. */
  private addRoute(method: RouteMethod, route: Route): unknown {
    const [path, ...handlers] = route;
    if (typeof path !== 'string' || /[*{(]/.test(path)) return super[method](path as string, handlers as never);
    if (this.routes === undefined) {
      this.routes = new RouteTable(this.getInstance<Express>());
      this.use(this.routes.dispatch);
    }
    this.routes.add(method, path, handlers as RequestHandler[]);
    return this.instance;
  }
}

type Route = [path?: unknown, ...handlers: unknown[]];

function isJson(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !ArrayBuffer.isView(body) && !(body instanceof StreamableFile);
}
