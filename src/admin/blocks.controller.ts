import { Body, Delete, Get, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { NumberRefsService } from '../audit/number-refs.service';
import { blockTarget, isNumber, maskedTarget } from '../codes/blocks/block-target';
import { BlocksService, type BlockUntil } from '../codes/blocks/blocks.service';
import { ApiException } from '../common/errors';
import { ApiErrors, BODY_ERRORS, malformed } from '../contract/api-errors.decorator';
import { Operation } from '../contract/docs';
import { AdminController, For } from './admin-controller.decorator';
import { BlockDto, NewBlockDto } from './dto/blocks.dto';
import { CurrentOperator, type Operator } from './operator';
import { TargetRefsService } from './target-refs.service';

/** Numbers and networks that get no code and log in nowhere. */
@AdminController('blocks')
export class BlocksController {
  constructor(
    private readonly blocks: BlocksService,
    private readonly numbers: NumberRefsService,
    private readonly refs: TargetRefsService,
  ) {}

  @Operation('What is blocked, in the order of the ends.', 200, [BlockDto])
  @Get()
  @For('admin')
  async list(): Promise<BlockDto[]> {
    return (await this.blocks.list(['all'])).map((block) => this.shown(block));
  }

  @Operation(
    'Blocks a number, those that begin alike, or a network; anew if it is blocked.',
    201,
    BlockDto,
  )
  @Post()
  @For('admin')
  @ApiErrors(...BODY_ERRORS)
  async add(
    @Body() { target: text, seconds, reason }: NewBlockDto,
    @CurrentOperator() { actor, origin }: Operator,
  ): Promise<BlockDto> {
    const target = this.numbers.read(text) ?? blockTarget(text);
    if (!target) throw malformed('target must be a number with +, like +86138*, or a network');
    return this.shown(await this.blocks.add(target, seconds, { actor, origin, reason }));
  }

  @Operation('Ends a block.', 204)
  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @For('admin')
  @ApiErrors('NOT_FOUND', 'PAYLOAD_TOO_LARGE', 'REQUEST_REFUSED')
  async remove(
    @Param('id') id: string,
    @CurrentOperator() { actor, origin }: Operator,
  ): Promise<void> {
    const block = (await this.blocks.list(['all'])).find((one) => this.refs.refOf(one) === id);
    if (!block) throw new ApiException('NOT_FOUND');
    await this.blocks.remove(block.target, { actor, origin });
  }

  private shown(block: BlockUntil): BlockDto {
    const { target, expiresAt } = block;
    return {
      id: this.refs.refOf(block),
      target: maskedTarget(target),
      number_ref: isNumber(target) ? this.numbers.refOf(target) : null,
      expires_at: expiresAt,
    };
  }
}
