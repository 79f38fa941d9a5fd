import { Get } from '@nestjs/common';
import { Operation } from '../contract/docs';
import { AdminController, For } from './admin-controller.decorator';
import { FoundUserDto } from './dto/user.dto';
import { SearchService } from './search.service';

@AdminController('operators')
export class AdminOperatorsController {
  constructor(private readonly searches: SearchService) {}

  @Operation('Users with roles, those who may most first, 200 at most.', 200, [FoundUserDto])
  @Get()
  @For('admin')
  list(): Promise<FoundUserDto[]> {
    return this.searches.withRoles();
  }
}
