import { StreamableFile } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Response } from 'express';

import { Page } from '../common/page.js';
import { Export, replyWithExport } from './export-answer.js';
import { PageReplies } from './page-replies.js';

/**
 * Express, except that an object is sent as JSON in one write, and a list in chunks. `response.json` looks up settings,
 * a media type, a digest and freshness, which this server does not use, and writes head and body separately, which
 * costs an eighth of a read.
 */
export class JsonRepliesAdapter extends ExpressAdapter {
  private readonly pages = new PageReplies();

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
}

function isJson(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !ArrayBuffer.isView(body) && !(body instanceof StreamableFile);
}
