import { Body, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { LimiterService } from '../codes/limiter.service';
import { ApiErrors, BODY_ERRORS, limited } from '../contract/api-errors.decorator';
import { Operation } from '../contract/docs';
import { AdminController, For } from './admin-controller.decorator';
import { SearchDto, SearchedDto } from './dto/search.dto';
import { CurrentOperator, type Operator } from './operator';
import { SearchService } from './search.service';

@AdminController('search')
export class SearchController {
  constructor(
    private readonly limiter: LimiterService,
    private readonly searches: SearchService,
  ) {}

  @Operation('Finds users, and numbers that are nobody’s.', 200, SearchedDto)
  @Post()
  @HttpCode(HttpStatus.OK)
  @For('viewer')
  @ApiErrors(...BODY_ERRORS, limited('account', 'searches'))
  async search(
    @Body() { query, after }: SearchDto,
    @CurrentOperator() { userId }: Operator,
  ): Promise<SearchedDto> {
    await this.limiter.take({ 'searches-per-operator': userId });
    return this.searches.find(query, after);
  }
}
